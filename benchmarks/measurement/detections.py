"""Synthetic detections, the same for all detectors."""

from collections.abc import Callable

import torch
from mmengine.structures import InstanceData

# Sides of synthetic boxes, relative to those of the image.
SMALLEST, LARGEST = 0.03, 0.6


def synthetic_detections(
    count: int, num_classes: int = 80, seed: int = 0
) -> InstanceData:
    """Random boxes with sizes as varied as in a photograph.

    Sides are log-uniform from 3 % to 60 % of the image's, so that a box covers
    3.6 % of the image on average and 0.1 % to 36 % at the extremes.

    Args:
        count: D.
        num_classes: T.
        seed: Seed of the random numbers.

    Returns:
        `boxes` (D, 4) as x1, y1, x2, y2 relative to the size of the image, `labels`
        (D,) in 0 .. T - 1, `scores` (D,) in (0, 1), descending.
    """
    generator = torch.Generator().manual_seed(seed)
    exponent = torch.rand(count, 2, generator=generator)
    size = SMALLEST * (LARGEST / SMALLEST) ** exponent
    corner = torch.rand(count, 2, generator=generator) * (1 - size)
    return InstanceData(
        boxes=torch.cat([corner, corner + size], dim=1),
        labels=torch.randint(num_classes, (count,), generator=generator),
        scores=torch.linspace(0.95, 0.65, count),
    )


def replace_detections(
    predict: Callable, detections: InstanceData, image_size: tuple[int, int]
) -> Callable:
    """Let a head predict, but return the given boxes in place of its own.

    With random weights each detector finds other objects. Masks and fusion can
    be compared only on the same ones.

    Args:
        predict: Returns detections for each image, with `bboxes` and, for masks
            from prototypes, `coeffs` (at least one row).
        detections: See `synthetic_detections`.
        image_size: (H, W) that `bboxes` refer to.
    """
    height, width = image_size

    def replaced(*args, **kwargs) -> list[InstanceData]:
        results = []
        for found in predict(*args, **kwargs):
            device = found.bboxes.device
            boxes = detections.boxes.to(device)
            result = InstanceData(
                bboxes=boxes * boxes.new_tensor([width, height] * 2),
                labels=detections.labels.to(device),
                scores=detections.scores.to(device),
            )
            if 'relative_boxes' in found:
                result.relative_boxes = boxes
            if 'coeffs' in found:
                rows = torch.arange(len(boxes), device=device) % len(found.coeffs)
                result.coeffs = found.coeffs[rows]
            results.append(result)
        return results

    return replaced
