"""Finds out whether mmcv's non-maximum suppression runs on a device."""

import torch
from mmcv.ops import batched_nms


def check_nms(nms_cfg: dict, device: torch.device | str) -> None:
    """Run mmcv's NMS on three boxes.

    Args:
        nms_cfg: As `nms` in a `test_cfg`, such as `dict(type='nms',
            iou_threshold=0.5)`.
        device: Where to run it.

    Raises:
        RuntimeError: If it does not run there; the message has the remedy.
    """
    corners = [[0, 0, 10, 10], [0, 0, 10, 9], [20, 20, 30, 30]]
    boxes = torch.tensor(corners, dtype=torch.float32, device=device)
    scores = torch.tensor([0.9, 0.8, 0.7], device=device)
    labels = torch.zeros(3, dtype=torch.long, device=device)
    try:
        batched_nms(boxes, scores, labels, nms_cfg)
    except RuntimeError as error:
        kind = nms_cfg.get('type', 'nms')
        raise RuntimeError(
            f"mmcv's `{kind}` does not run on {torch.device(device)} ({error}): run "
            '`make ops` on this machine, for a GPU with a CUDA compiler, or set '
            "`nms=dict(type='fast_nms', iou_threshold=0.5, top_k=200)` in the "
            "model's test_cfg"
        ) from error
