"""Tells which steps of a pipeline load ground truth."""

from mmcv.transforms import LoadAnnotations
from mmdet.registry import TRANSFORMS


def loads_annotations(transform_cfg: dict) -> bool:
    """Whether a step of a pipeline is a kind of `LoadAnnotations`.

    Args:
        transform_cfg: Config of the step; `type` is a registered name, with or
            without scope, or a class.
    """
    kind = transform_cfg['type']
    if isinstance(kind, str):
        kind = TRANSFORMS.get(kind)
    return isinstance(kind, type) and issubclass(kind, LoadAnnotations)
