"""Whether the parts of a detector's config fit together."""

import difflib
from collections.abc import Collection, Mapping

from mmdet.evaluation import INSTANCE_OFFSET
from mmdet.registry import MODELS
from torch import nn


def check_labels(num_classes: int, data_preprocessor: nn.Module) -> None:
    """Check that labels can be told apart, in panoptic maps and from padding.

    Args:
        num_classes: T + S.
        data_preprocessor: Its `seg_pad_value` marks padded pixels.

    Raises:
        ValueError: There are too many classes, or padding has the label of one.
    """
    # Panoptic ids are label + instance * INSTANCE_OFFSET; void is a label too.
    if num_classes >= INSTANCE_OFFSET:
        raise ValueError(
            f'The network has {num_classes} classes, but panoptic maps hold '
            f'{INSTANCE_OFFSET - 1}: merge some.'
        )
    padding = getattr(data_preprocessor, 'seg_pad_value', -1)
    if 0 <= padding < num_classes:
        raise ValueError(
            f'`model.data_preprocessor.seg_pad_value` is {padding}, the label of a '
            f'class, as there are {num_classes}: set it to 65535, which is none.'
        )


def check_keys(detector: nn.Module, stage: str) -> None:
    """Check that something reads each key of a detector's config.

    Args:
        detector: Its `TRAIN_CFG_HEADS` and `TEST_CFG_HEADS` name the head that reads
            each section; a head lists the keys that it reads as `TRAIN_CFG_KEYS` and
            `TEST_CFG_KEYS`.
        stage: 'train_cfg' or 'test_cfg'.

    Raises:
        ValueError: Nothing reads a key; the message has the nearest one.
    """
    cfg = getattr(detector, stage) or {}
    heads = getattr(detector, f'{stage.upper()}_HEADS')
    _refuse_unknown(f'model.{stage}', cfg, heads)
    for section, name in heads.items():
        # Heads of others may not say what they read.
        keys = getattr(getattr(detector, name), f'{stage.upper()}_KEYS', None)
        if keys is not None:
            _refuse_unknown(f'model.{stage}.{section}', cfg.get(section) or {}, keys)


def _refuse_unknown(path: str, cfg: Mapping, known: Collection[str]) -> None:
    unknown = [key for key in cfg if key not in known]
    if unknown:
        near = difflib.get_close_matches(unknown[0], known, n=1)
        remedy = f'write `{near[0]}`' if near else f'it takes {", ".join(known)}'
        raise ValueError(f'`{path}.{unknown[0]}` is read by nothing: {remedy}.')


def build_head(
    name: str, cfg: dict, counts: dict[str, int], **default_args
) -> nn.Module:
    """Build a head with the network's counts of classes and prototypes.

    Args:
        name: Of the head, in `model`.
        cfg: Its config.
        counts: Argument of the head -> the network's count.
        **default_args: Further arguments, unless the config has them.

    Raises:
        ValueError: The config has a count of its own that differs.
    """
    for key, count in counts.items():
        if cfg.get(key, count) != count:
            # The instance head's classes are the network's things.
            source = key if key != 'num_classes' else 'num_things_classes'
            raise ValueError(
                f'`model.{name}.{key}` is {cfg[key]}, but the network has {count}: '
                f'remove it; heads take this count from `model.{source}`.'
            )
    return MODELS.build(cfg, default_args=dict(**counts, **default_args))
