from epsnet_mm.structures.label_range import MAX_CLASSES, unlabelled_value

from mmdet.evaluation import INSTANCE_OFFSET


def test_unlabelled_is_never_a_class():
    for num_classes in (1, 255, 256, 300, MAX_CLASSES):
        assert unlabelled_value(num_classes) >= num_classes


def test_unlabelled_is_upstream_s_where_it_can_be():
    assert unlabelled_value(133) == unlabelled_value(255) == 255


def test_void_has_a_label_of_its_own():
    assert MAX_CLASSES % INSTANCE_OFFSET == MAX_CLASSES == 999
