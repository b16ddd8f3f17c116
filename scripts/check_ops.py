"""Exit with 0 if mmcv's compiled ops load and its NMS computes what it should."""

import torch
from mmcv.ops import nms


def main() -> None:
    """Run NMS on three boxes; the second overlaps the first with IoU 0.9."""
    boxes = torch.tensor(
        [[0.0, 0.0, 10.0, 10.0], [0.0, 0.0, 10.0, 9.0], [20.0, 20.0, 30.0, 30.0]]
    )
    _, kept = nms(boxes, torch.tensor([0.9, 0.8, 0.7]), iou_threshold=0.5)
    if kept.tolist() != [0, 2]:
        raise SystemExit(f'mmcv.ops.nms kept the boxes {kept.tolist()}, not [0, 2]')


if __name__ == '__main__':
    main()
