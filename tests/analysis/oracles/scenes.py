"""A small image by hand: objects in a row of ten pixels."""

from epsnet_mm.analysis.oracles.image_parts import ImageParts, assign_objects
from epsnet_mm.analysis.oracles.truth import Truth
from epsnet_mm.functional import InstanceMasks, mask_box

import torch


def row(text: str, letter: str) -> torch.Tensor:
    """(1, 10) bool: where a letter is."""
    return torch.tensor([[x == letter for x in text]])


def truth_of(text: str, labels: dict[str, int]) -> Truth:
    """Objects are letters, with their labels; '.' is stuff 0."""
    masks = [row(text, letter) for letter in labels]
    semantic = torch.where(row(text, '.'), 0, 1)
    return Truth(
        labels=torch.tensor(list(labels.values()), dtype=torch.long),
        boxes=boxes_of(masks),
        masks=torch.stack(masks) if masks else torch.zeros(0, 1, 10, dtype=torch.bool),
        semantic=semantic,
    )


def boxes_of(masks: list[torch.Tensor]) -> torch.Tensor:
    return torch.stack([mask_box(x).float() for x in masks] or [torch.zeros(4)])[
        : len(masks)
    ]


def parts_of(rows: list[tuple[str, int]], truth: Truth) -> ImageParts:
    """Detections: a row with `x` where the mask is, and the label; the best first."""
    masks = [row(text, 'x') for text, _ in rows]
    labels = torch.tensor([label for _, label in rows], dtype=torch.long)
    windows = [(0, 0, 10, 1)] * len(rows)

    def crop(boxes: torch.Tensor) -> InstanceMasks:
        """A mask fills its box."""
        cropped = []
        for x0, _, x1, _ in boxes.int().tolist():
            mask = torch.zeros(1, 10, dtype=torch.bool)
            mask[:, x0:x1] = True
            cropped.append(mask)
        return InstanceMasks(windows, cropped, (1, 10))

    boxes = boxes_of(masks)
    return ImageParts(
        labels=labels,
        masks=InstanceMasks(windows, masks, (1, 10)),
        objects=assign_objects(boxes, labels, truth),
        logits=torch.zeros(2, 1, 10),
        crop=crop,
        boxes=boxes,
    )


def drawn(parts: ImageParts) -> list[tuple[str, int]]:
    """Back from detections to rows."""
    return [
        (''.join('x' if x else '.' for x in mask[0]), label)
        for mask, label in zip(
            parts.masks.to_dense()[:, :1], parts.labels.tolist(), strict=True
        )
    ]
