"""The ground truth of an image, in the form of an EPSNet's outputs.

Legend: G objects, T thing classes, S stuff classes.
"""

from dataclasses import dataclass

import torch
from mmdet.registry import TRANSFORMS
from torch import Tensor

from ...functional import mask_box, semantic_targets


@dataclass(frozen=True)
class Truth:
    """Objects and semantic map of an image; crowds are no objects.

    Attributes:
        labels: (G,) thing classes.
        boxes: (G, 4) as x1, y1, x2, y2 in pixels: the tight boxes of the masks.
        masks: (G, H, W) bool.
        semantic: (H, W) int64 in 0 .. S; S is things, crowds of them, and void.
    """

    labels: Tensor
    boxes: Tensor
    masks: Tensor
    semantic: Tensor


def read_truth(
    info: dict, num_things: int, num_stuff: int, device: torch.device | str = 'cpu'
) -> Truth:
    """Read the segmentation PNG of an image.

    Args:
        info: Data information of `EPSNetPanopticDataset`.
        num_things: T.
        num_stuff: S.
        device: Where the tensors go.

    Raises:
        ValueError: The dataset has no ground truth.
    """
    if info['seg_map_path'] is None:
        raise ValueError(
            f'{info["img_path"]} has no ground truth, which oracles need: give '
            "`data_prefix['seg']` and annotations to the test dataset."
        )
    load = TRANSFORMS.build(dict(type='LoadPanopticSegments'))
    loaded = load(dict(info, ori_shape=(info['height'], info['width'])))
    objects = ~loaded['gt_ignore_flags']
    masks = torch.from_numpy(loaded['gt_masks'].masks[objects]).bool()
    semantic = semantic_targets(
        torch.from_numpy(loaded['gt_seg_map']), num_things, num_stuff, -1
    )
    return Truth(
        labels=torch.from_numpy(loaded['gt_bboxes_labels'][objects]).to(device),
        boxes=_boxes(masks).to(device),
        masks=masks.to(device),
        semantic=semantic.masked_fill(semantic == -1, num_stuff).to(device),
    )


def _boxes(masks: Tensor) -> Tensor:
    """(G, 4) float boxes of (G, H, W) masks."""
    boxes = [mask_box(mask).float() for mask in masks]
    return torch.stack(boxes) if boxes else torch.zeros(0, 4)
