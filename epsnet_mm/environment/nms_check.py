"""Finds out whether a non-maximum suppression runs on a device."""

import torch

from .nms_backend import NMS, example_boxes


def check_nms(nms: NMS, nms_cfg: dict, device: torch.device | str) -> None:
    """Run an NMS on three boxes.

    Args:
        nms: What is to run, such as `mmcv_nms`.
        nms_cfg: As `nms` in a `test_cfg`, such as `dict(type='soft_nms')`.
        device: Where to run it.

    Raises:
        RuntimeError: If it does not run there; the message has the remedy.
    """
    try:
        nms(*example_boxes(device), nms_cfg)
    except RuntimeError as error:
        kind = nms_cfg.get('type', 'nms')
        raise RuntimeError(
            f"mmcv's `{kind}` does not run on {torch.device(device)} ({error}): run "
            '`make ops` on this machine, for a GPU with a CUDA compiler; EPSNet '
            "itself needs no compiled ops with `nms=dict(_delete_=True, type='nms', "
            'iou_threshold=0.5)` in test_cfg.bbox_head'
        ) from error
