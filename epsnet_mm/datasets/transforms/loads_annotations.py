"""Tells the transforms that read ground truth from the others."""

from inspect import isclass

from mmcv.transforms import LoadAnnotations
from mmdet.registry import TRANSFORMS


def loads_annotations(transform_cfg: dict) -> bool:
    """Whether a transform of a pipeline loads annotations.

    Args:
        transform_cfg: Its config; `type` is a registered name or a class. A name
            that is not registered does not load annotations: building the
            pipeline reports it.
    """
    kind = transform_cfg['type']
    if not isclass(kind):
        kind = TRANSFORMS.get(kind)
    return kind is not None and issubclass(kind, LoadAnnotations)
