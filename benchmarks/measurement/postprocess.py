"""Post-processing alone, from network outputs to panoptic map."""

from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from mmdet.registry import MODELS
from mmengine.registry import init_default_scope
from torch import Tensor

from .clock import StageClock
from .detections import replace_detections, synthetic_detections
from .detectors import load_model_config
from .memory import peak_memory
from .statistics import Summary, summarize

CONFIG = 'epsnet/epsnet_r101_fpn_coco.py'
# Sides of the pyramid levels and the prototypes of a 550 x 550 input.
INPUT, LEVELS, PROTOTYPES = 550, (69, 35, 18, 9, 5), 138
PARTS = ('detection', 'masks', 'fusion')


@dataclass(frozen=True)
class PostprocessCost:
    """Measured row: milliseconds and MiB per image."""

    instances: int
    image_size: tuple[int, int]
    parts: dict[str, Summary]
    whole: Summary
    memory: float


def measure_postprocess(
    config_root: Path,
    instances: int,
    image_size: tuple[int, int],
    nms: dict,
    iters: int,
    warmup: int,
    device: str = 'cpu',
) -> PostprocessCost:
    """Cost from NMS to panoptic map, on synthetic outputs for a 550 x 550 input.

    Args:
        config_root: Folder of this project's configs.
        instances: D.
        image_size: (H, W) of the panoptic map.
        nms: For `test_cfg` of the config.
        iters: Timed runs.
        warmup: Runs before them.
        device: Where to run.
    """
    heads = _build_heads(config_root, instances, image_size, nms)
    outputs = synthetic_outputs(device)
    meta = dict(
        ori_shape=image_size, img_shape=(INPUT,) * 2, batch_input_shape=(INPUT,) * 2
    )
    clock = StageClock(device)

    @torch.no_grad()
    def run() -> None:
        with clock.stage('detection'):
            found = heads['detection'](*outputs['detection'], [meta])
        with clock.stage('masks'):
            masks = heads['masks'](outputs['prototypes'], found, [meta])
        with clock.stage('fusion'):
            heads['fusion'](masks, found, outputs['semantic'], [meta])

    for _ in range(warmup):
        run()
    clock.read()
    times = []
    for _ in range(iters):
        run()
        times.append(clock.read())
    return PostprocessCost(
        instances,
        image_size,
        {part: summarize([x[part] for x in times]) for part in PARTS},
        summarize([sum(x.values()) for x in times]),
        peak_memory(run, device),
    )


def _build_heads(
    config_root: Path, instances: int, image_size: tuple[int, int], nms: dict
) -> dict:
    init_default_scope('mmdet')  # as the runner does
    cfg = load_model_config(CONFIG, config_root)
    cfg.test_cfg.bbox_head.update(nms=nms, score_thr=0.0, max_per_img=instances)
    # The network itself is not run.
    with torch.device('meta'):
        model = MODELS.build(cfg)
    return dict(
        detection=replace_detections(
            model.bbox_head.predict_by_feat, synthetic_detections(instances), image_size
        ),
        masks=model.mask_head.predict,
        fusion=model.panoptic_fusion_head.predict,
    )


def synthetic_outputs(device: str, seed: int = 0) -> dict:
    """Smooth random outputs with the shapes of a network for COCO.

    Returns:
        `detection`: logits, deltas and coefficients of each level;
        `prototypes` (1, 32, 138, 138); `semantic` (1, 54, 138, 138) logits.
    """
    generator = torch.Generator().manual_seed(seed)

    def noise(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator)

    def smooth(channels: int, side: int) -> Tensor:
        return F.interpolate(
            noise(1, channels, side, side), (PROTOTYPES,) * 2, mode='bicubic'
        )

    detection = [
        [noise(1, 3 * 81, x, x) for x in LEVELS],
        [0.5 * noise(1, 3 * 4, x, x) for x in LEVELS],
        [noise(1, 3 * 32, x, x).tanh() for x in LEVELS],
    ]
    return dict(
        detection=[[x.to(device) for x in levels] for levels in detection],
        prototypes=smooth(32, 18).relu().to(device),
        semantic=5 * smooth(54, 6).to(device),
    )
