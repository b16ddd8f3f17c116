"""Exit with 0 if mmcv's compiled ops load and its NMS is right on each device given.

`check_ops.py cpu cuda`; a GPU that is not there is not tested.
"""

import sys

import torch
from mmcv.ops import nms


def main() -> None:
    """Run NMS on three boxes; the second overlaps the first with IoU 0.9."""
    for device in sys.argv[1:] or ['cpu']:
        if device != 'cuda' or torch.cuda.is_available():
            check(device)


def check(device: str) -> None:
    """Run NMS on one device."""
    boxes = torch.tensor(
        [[0.0, 0.0, 10.0, 10.0], [0.0, 0.0, 10.0, 9.0], [20.0, 20.0, 30.0, 30.0]]
    )
    scores = torch.tensor([0.9, 0.8, 0.7])
    _, kept = nms(boxes.to(device), scores.to(device), iou_threshold=0.5)
    if kept.tolist() != [0, 2]:
        raise SystemExit(
            f'mmcv.ops.nms on {device} kept the boxes {kept.tolist()}, not [0, 2]'
        )


if __name__ == '__main__':
    main()
