"""Chooses what computes the non-maximum suppression of a config on a device.

Greedy NMS is the only compiled op that most configs use. Where mmcv's does not run,
torchvision's or a plain PyTorch one takes its place, with the same results.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module

import torch
from mmcv.ops import batched_nms
from mmengine.logging import print_log
from torch import Tensor

from ..functional import greedy_nms, separate_classes

#: Boxes (D, 4) as x1, y1, x2, y2, scores (D,), labels (D,) and the config's `nms` to
#: (D,) bool, the boxes to keep.
NMS = Callable[[Tensor, Tensor, Tensor, dict], Tensor]


def configured_nms(
    boxes: Tensor, scores: Tensor, labels: Tensor, nms_cfg: dict
) -> Tensor:
    """Non-maximum suppression within each class.

    Args:
        boxes: (D, 4) as x1, y1, x2, y2.
        scores: (D,).
        labels: (D,).
        nms_cfg: As for mmcv's `batched_nms`: `type`, `iou_threshold` and more. Only
            greedy NMS (`type='nms'`) without further options runs without mmcv's
            compiled ops.

    Returns:
        (D,) bool, the boxes to keep.
    """
    greedy = nms_cfg.get('type', 'nms') == 'nms'
    if greedy and nms_cfg.keys() <= {'type', 'iou_threshold'}:
        return greedy_nms_on(boxes.device.type)(boxes, scores, labels, nms_cfg)
    return mmcv_nms(boxes, scores, labels, nms_cfg)


def mmcv_nms(boxes: Tensor, scores: Tensor, labels: Tensor, nms_cfg: dict) -> Tensor:
    """The NMS of mmcv that the config names; see `NMS`."""
    if not len(boxes):  # `batched_nms` fails there
        return torch.zeros_like(scores, dtype=torch.bool)
    return _as_mask(batched_nms(boxes, scores, labels, nms_cfg)[1], scores)


def torchvision_nms(
    boxes: Tensor, scores: Tensor, labels: Tensor, nms_cfg: dict
) -> Tensor:
    """Greedy NMS of torchvision, which need not be installed; see `NMS`."""
    nms = import_module('torchvision.ops').nms
    if not len(boxes):
        return torch.zeros_like(scores, dtype=torch.bool)
    # As mmcv: equal scores in the order of this sort, and IoUs compared in the
    # precision of the boxes. torchvision's own sort is stable, its threshold a double.
    order = scores.sort(descending=True).indices
    threshold = torch.tensor(nms_cfg['iou_threshold'], dtype=boxes.dtype).item()
    boxes = separate_classes(boxes, labels)
    return _as_mask(order[nms(boxes[order], scores[order], threshold)], scores)


def pytorch_nms(boxes: Tensor, scores: Tensor, labels: Tensor, nms_cfg: dict) -> Tensor:
    """Greedy NMS in plain PyTorch; see `NMS`."""
    blocks = {} if boxes.is_cpu else dict(block_size=len(boxes))
    return greedy_nms(boxes, scores, labels, nms_cfg['iou_threshold'], **blocks)


#: Compiled greedy NMS, the best first.
_COMPILED = {
    "mmcv's compiled op": mmcv_nms,
    "torchvision's compiled op": torchvision_nms,
}
_PLAIN = ('plain PyTorch (`make ops` compiles a faster one)', pytorch_nms)


@cache
def greedy_nms_on(device_type: str) -> NMS:
    """What computes greedy NMS on a device; tried once, and logged.

    Args:
        device_type: As of `torch.device`, such as 'cpu'.
    """
    choices = (x for x in _COMPILED.items() if _runs(x[1], device_type))
    name, nms = next(choices, _PLAIN)
    print_log(f'Greedy NMS on {device_type}: {name}', logger='current')
    return nms


def example_boxes(device: torch.device | str) -> tuple[Tensor, Tensor, Tensor]:
    """Boxes, scores and labels of three boxes; the first two overlap by 0.9."""
    corners = [[0, 0, 10, 10], [0, 0, 10, 9], [20, 20, 30, 30]]
    boxes = torch.tensor(corners, dtype=torch.float32, device=device)
    scores = torch.tensor([0.9, 0.8, 0.7], device=device)
    return boxes, scores, torch.zeros(3, dtype=torch.long, device=device)


def _runs(nms: NMS, device_type: str) -> bool:
    """Whether a compiled NMS is there for this device, and right."""
    try:
        kept = nms(*example_boxes(device_type), dict(type='nms', iou_threshold=0.5))
        return kept.tolist() == [True, False, True]
    # Not installed; compiled for another torch; not compiled for this device.
    except (ImportError, AttributeError, RuntimeError):
        return False


def _as_mask(indices: Tensor, scores: Tensor) -> Tensor:
    """Indices into (D,) scores as (D,) bool."""
    return torch.zeros_like(scores, dtype=torch.bool).index_fill_(0, indices, True)
