"""What an exported file says about itself."""

import hashlib
from importlib.metadata import version
from pathlib import Path

from mmengine.config import Config
from torch import nn

from ..apis.panoptic_results import read_category_ids
from ..version import __version__
from ..visualization.palettes import class_colors

#: Of the layout of inputs, outputs and metadata.
FORMAT_VERSION = 1


def describe_network(
    cfg: Config,
    model: nn.Module,
    size: tuple[int, int],
    channel_order: str,
    precision: str = 'fp32',
) -> dict:
    """The metadata of an exported network, as plain values.

    Args:
        cfg: Config of the network.
        model: The network, with the `dataset_meta` of its checkpoint.
        size: (height, width) of the network's input.
        channel_order: Of the images, 'bgr' or 'rgb'.
        precision: Of the file's weights, one of `PRECISIONS`.
    """
    meta = model.dataset_meta
    names = list(meta['classes'])
    colors = class_colors(meta.get('palette'), len(names))
    ids = read_category_ids(cfg)
    classes = [
        dict(
            name=name,
            isthing=name in meta['thing_classes'],
            color=list(color),
            id=ids.get(name) if ids else None,
        )
        for name, color in zip(names, colors, strict=True)
    ]
    return dict(
        format_version=FORMAT_VERSION,
        classes=classes,
        channel_order=channel_order,
        network_size=list(size),
        precision=precision,
        defaults=default_thresholds(model.test_cfg),
        config=Path(cfg.filename or 'unnamed').name,
        config_hash=hashlib.sha256(cfg.pretty_text.encode()).hexdigest(),
        versions=dict(
            epsnet_mm=__version__, torch=version('torch'), onnx=version('onnx')
        ),
    )


def default_thresholds(test_cfg: dict) -> dict[str, float | int]:
    """The config's values of the graph's thresholds, by the names of its inputs."""
    return dict(
        score_threshold=float(test_cfg['bbox_head']['score_thr']),
        overlap_threshold=float(test_cfg['panoptic']['mask_overlap']),
        stuff_area_limit=int(test_cfg['panoptic']['stuff_area_limit']),
    )
