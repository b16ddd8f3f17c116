"""Oracles: each puts the truth in place of one part of an image's outputs.

Fusion and its thresholds stay those of the config.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import torch
from torch import Tensor

from ...functional import InstanceMasks
from .image_parts import NO_OBJECT, ImageParts, mask_ious, true_masks
from .truth import Truth

Oracle = Callable[[ImageParts, Truth], ImageParts]


def as_predicted(parts: ImageParts, truth: Truth) -> ImageParts:
    """Nothing is replaced."""
    return parts


def true_classes(parts: ImageParts, truth: Truth) -> ImageParts:
    """Detections get the classes of their objects."""
    found = parts.objects != NO_OBJECT
    labels = parts.labels.clone()
    labels[found] = truth.labels[parts.objects[found]]
    return replace(parts, labels=labels)


def true_boxes(parts: ImageParts, truth: Truth) -> ImageParts:
    """Masks are assembled in, and cropped to, the boxes of their objects."""
    found = parts.objects != NO_OBJECT
    boxes = parts.boxes.clone()
    boxes[found] = truth.boxes[parts.objects[found]]
    return replace(parts, masks=parts.crop(boxes), boxes=boxes)


def with_true_masks(parts: ImageParts, truth: Truth) -> ImageParts:
    """Detections get the masks of their objects."""
    found = (parts.objects != NO_OBJECT).nonzero()[:, 0]
    better = true_masks(truth, parts.objects[found])
    windows, masks = list(parts.masks.windows), list(parts.masks.masks)
    for number, window, mask in zip(
        found.tolist(), better.windows, better.masks, strict=True
    ):
        windows[number], masks[number] = window, mask
    return replace(parts, masks=InstanceMasks(windows, masks, better.size))


def best_order(parts: ImageParts, truth: Truth) -> ImageParts:
    """Masks that fit an object of their class best come first."""
    if len(truth.labels) == 0:
        return parts
    same = parts.labels[:, None] == truth.labels
    fit = (mask_ious(parts.masks, truth) * same).amax(dim=1)
    return _choose(parts, fit.argsort(descending=True, stable=True))


def without_false(parts: ImageParts, truth: Truth) -> ImageParts:
    """Detections without an object go, and all but the first one of each object.

    A detection of the object's class counts as the first one if there is any.
    """
    right = torch.zeros_like(parts.objects, dtype=torch.bool)
    found = parts.objects != NO_OBJECT
    right[found] = parts.labels[found] == truth.labels[parts.objects[found]]
    kept: dict[int, int] = {}
    order = (~right).int().argsort(stable=True)
    for number in order[found[order]].tolist():
        kept.setdefault(int(parts.objects[number]), number)
    return _choose(parts, torch.tensor(sorted(kept.values()), dtype=torch.long))


def with_missed(parts: ImageParts, truth: Truth) -> ImageParts:
    """Objects without a detection are added with their masks and classes, last."""
    missed = torch.ones_like(truth.labels, dtype=torch.bool)
    missed[parts.objects[parts.objects != NO_OBJECT]] = False
    return _append(parts, truth, missed.nonzero()[:, 0])


def true_instances(parts: ImageParts, truth: Truth) -> ImageParts:
    """The objects, in place of all detections."""
    nothing = _choose(parts, parts.objects[:0])
    return _append(nothing, truth, torch.arange(len(truth.labels)).to(parts.objects))


def true_semantic_map(parts: ImageParts, truth: Truth) -> ImageParts:
    """True stuff wherever no detection is."""
    return replace(parts, logits=None)


def all_true(parts: ImageParts, truth: Truth) -> ImageParts:
    """Both: what is left to 100 is lost in fusion itself."""
    return true_semantic_map(true_instances(parts, truth), truth)


ORACLES: Mapping[str, Oracle] = MappingProxyType(
    {
        'as predicted': as_predicted,
        'true classes of detections': true_classes,
        'true boxes of detections': true_boxes,
        'true masks of detections': with_true_masks,
        'best order of detections': best_order,
        'no false detections': without_false,
        'missed objects added': with_missed,
        'true instances': true_instances,
        'true semantic map': true_semantic_map,
        'true instances and semantic map': all_true,
    }
)


def _choose(parts: ImageParts, order: Tensor) -> ImageParts:
    """Some of the detections, in a new order."""
    masks = InstanceMasks(
        [parts.masks.windows[i] for i in order.tolist()],
        [parts.masks.masks[i] for i in order.tolist()],
        parts.masks.size,
    )
    return replace(
        parts,
        labels=parts.labels[order],
        masks=masks,
        objects=parts.objects[order],
        boxes=parts.boxes[order],
    )


def _append(parts: ImageParts, truth: Truth, objects: Tensor) -> ImageParts:
    added = true_masks(truth, objects)
    return replace(
        parts,
        labels=torch.cat([parts.labels, truth.labels[objects]]),
        masks=InstanceMasks(
            [*parts.masks.windows, *added.windows],
            [*parts.masks.masks, *added.masks],
            added.size,
        ),
        objects=torch.cat([parts.objects, objects]),
        boxes=torch.cat([parts.boxes, truth.boxes[objects]]),
    )
