"""The detectors that are compared, and the methods where their stages begin."""

import logging
from dataclasses import dataclass
from pathlib import Path

import mmdet
import torch
from mmcv.cnn import fuse_conv_bn
from mmdet.registry import MODELS
from mmengine.config import Config
from mmengine.registry import init_default_scope
from torch import nn

from .clock import StageClock
from .detections import replace_detections, synthetic_detections


@dataclass(frozen=True)
class Kind:
    """What to time, compile and replace in the detectors of one class.

    Attributes:
        network: Modules that consist of layers.
        postprocess: Methods that turn the outputs of these into results.
        detect: The method whose detections are replaced.
        boxes_at: The image that its boxes refer to, 'input' or 'original'.
    """

    network: tuple[str, ...]
    postprocess: tuple[str, ...]
    detect: str
    boxes_at: str


KINDS = dict(
    EPSNet=Kind(
        network=(
            'backbone',
            'neck',
            'fusion_neck',
            'prototype_head',
            'bbox_head',
            'semantic_head',
        ),
        postprocess=(
            'bbox_head.predict_by_feat',
            'mask_head.predict',
            'panoptic_fusion_head.predict',
        ),
        detect='bbox_head.predict_by_feat',
        boxes_at='original',
    ),
    PanopticFPN=Kind(
        network=(
            'backbone',
            'neck',
            'rpn_head',
            'roi_head.bbox_head',
            'roi_head.mask_head',
            'semantic_head',
        ),
        # semantic_head.predict also runs the head, whose forward is network.
        postprocess=(
            'rpn_head.predict_by_feat',
            'roi_head.bbox_head.predict_by_feat',
            'roi_head.mask_head.predict_by_feat',
            'semantic_head.predict',
            'panoptic_fusion_head.predict',
        ),
        detect='roi_head.predict_bbox',
        boxes_at='input',
    ),
    YOLACT=Kind(
        network=('backbone', 'neck', 'bbox_head', 'mask_head.protonet'),
        postprocess=('bbox_head.predict_by_feat', 'mask_head.predict_by_feat'),
        detect='bbox_head.predict_by_feat',
        boxes_at='input',
    ),
)


@dataclass(frozen=True)
class Detector:
    """A row of the comparison: its title and its config file."""

    title: str
    config: str


# `mmdet::` stands for the configs that MMDetection installs.
DETECTORS = {
    'epsnet-r101': Detector('EPSNet R101', 'epsnet/epsnet_r101_fpn_coco.py'),
    'epsnet-r101-no-attention': Detector(
        'EPSNet R101, no attention', 'epsnet/epsnet_r101_fpn_no-attention_coco.py'
    ),
    'epsnet-d-r101': Detector('EPSNet-D R101', 'epsnet/epsnet-d_r101_fpn_coco.py'),
    'epsnet-r50': Detector('EPSNet R50', 'epsnet/epsnet_r50_fpn_coco.py'),
    'panoptic-fpn-r101': Detector(
        'Panoptic FPN R101', 'mmdet::panoptic_fpn/panoptic-fpn_r101_fpn_1x_coco.py'
    ),
    'panoptic-fpn-r50': Detector(
        'Panoptic FPN R50', 'mmdet::panoptic_fpn/panoptic-fpn_r50_fpn_1x_coco.py'
    ),
    'yolact-r101': Detector(
        'YOLACT R101', 'mmdet::yolact/yolact_r101_1xb8-55e_coco.py'
    ),
}


def find_detector(name: str) -> Detector:
    """A name of `DETECTORS`, or the path of a config file.

    Raises:
        ValueError: It is neither.
    """
    if name in DETECTORS:
        return DETECTORS[name]
    if Path(name).is_file():
        return Detector(Path(name).stem, name)
    raise ValueError(
        f'{name} is neither a config file nor one of the names {", ".join(DETECTORS)}.'
    )


def load_model_config(config: str, config_root: Path) -> Config:
    """The `model` of a config of this project or of MMDetection (`mmdet::`)."""
    return load_config(config, config_root).model


def load_config(config: str, config_root: Path) -> Config:
    """A config of this project or of MMDetection (`mmdet::`)."""
    upstream = Path(mmdet.__file__).parent / '.mim/configs'
    path = upstream / config[7:] if config.startswith('mmdet::') else Path(config)
    return Config.fromfile(path if path.is_file() else config_root / path)


def initialize(cfg: dict, seed: int = 0) -> nn.Module:
    """Build a detector with random weights, as for a training from scratch."""
    init_default_scope('mmdet')  # as the runner does
    cfg.backbone.init_cfg = None  # no download
    torch.manual_seed(seed)
    model = MODELS.build(cfg)
    # MMEngine logs each of hundreds of weights.
    logging.disable(logging.INFO)
    model.init_weights()
    logging.disable(logging.NOTSET)
    return model


def build_detector(
    config: str,
    config_root: Path,
    *,
    fuse: bool = False,
    channels_last: bool = False,
    compiled: bool = False,
    device: str = 'cpu',
    seed: int = 0,
) -> nn.Module:
    """A detector with random weights, ready to predict.

    Args:
        config: Path of a config file, absolute or in `config_root`, or `mmdet::path`.
        config_root: Folder of this project's configs.
        fuse: Fold normalization into convolutions.
        channels_last: Memory format of weights and images.
        compiled: Compile the network's modules with `torch.compile`.
        device: Device of the model.
        seed: Seed of the weights.

    Raises:
        ValueError: The stages of the detector are not known.
    """
    cfg = load_model_config(config, config_root)
    if cfg.type not in KINDS:
        raise ValueError(
            f'{config} is a {cfg.type}; the benchmark knows the stages of '
            f'{", ".join(KINDS)} only: give a config of one of them.'
        )
    model = initialize(cfg, seed)
    model.eval().requires_grad_(False).to(device)
    if fuse:
        fuse_conv_bn(model)
    if channels_last:
        model.to(memory_format=torch.channels_last)
    if compiled:
        compile_network(model)
    return model


def compile_network(model: nn.Module) -> None:
    """Compile the modules that consist of layers with `torch.compile`.

    Their `forward` is compiled, not the module, so that a clock can be put around it.
    """
    for name in KINDS[type(model).__name__].network:
        module = model.get_submodule(name)
        module.forward = torch.compile(module.forward)


def use_detections(
    model: nn.Module,
    count: int,
    input_size: tuple[int, int],
    original_size: tuple[int, int],
) -> None:
    """Replace the model's detections by `count` synthetic ones per image.

    The model still computes its own first: all candidates, NMS, and at most
    `count` detections. Score thresholds are 0 where masks need the coefficients
    of detections. Panoptic FPN keeps its threshold. Random weights never reach
    it, so its last NMS has no work.
    """
    kind = KINDS[type(model).__name__]
    head = getattr(model, 'bbox_head', None)
    if head is not None:
        head.test_cfg.update(score_thr=0.0, max_per_img=count)
    owner, method = _resolve(model, kind.detect)
    size = input_size if kind.boxes_at == 'input' else original_size
    classifier = head if head is not None else model.roi_head.bbox_head
    detections = synthetic_detections(count, classifier.num_classes)
    setattr(owner, method, replace_detections(getattr(owner, method), detections, size))


def time_stages(model: nn.Module, clock: StageClock) -> None:
    """Let the model's methods mark its stages on `clock`."""
    kind = KINDS[type(model).__name__]
    for path in kind.postprocess:
        _time(model, path, clock, 'post-process')
    for path in kind.network:
        if f'{path}.predict' in kind.postprocess:
            _time(model, f'{path}.forward', clock, 'network')


def _time(model: nn.Module, path: str, clock: StageClock, stage: str) -> None:
    owner, method = _resolve(model, path)
    setattr(owner, method, clock.timed(getattr(owner, method), stage))


def _resolve(model: nn.Module, path: str) -> tuple[nn.Module, str]:
    module, _, method = path.rpartition('.')
    return model.get_submodule(module), method
