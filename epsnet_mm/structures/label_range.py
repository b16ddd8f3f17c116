"""Which labels a panoptic dataset can have.

One rule holds everywhere: a label is a class if it is in 0 .. C - 1, for C classes, and
any other value means unlabelled.
"""

from mmdet.evaluation import INSTANCE_OFFSET

# Ids are label + instance number * INSTANCE_OFFSET, and void needs a label too.
MAX_CLASSES = INSTANCE_OFFSET - 1


def unlabelled_value(num_classes: int) -> int:
    """The value of a semantic map where nothing is labelled.

    It is 255, as in all of MMDetection, unless that is the label of a class.

    Args:
        num_classes: C, things and stuff.
    """
    return 255 if num_classes <= 255 else 65535
