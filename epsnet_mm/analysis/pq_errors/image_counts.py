"""Counts of each image and category, from which PQ can be computed again."""

from typing import NamedTuple

import numpy as np

from .terms import FN, FP, TP


class ImageCounts(NamedTuple):
    """Counts of N images and C categories; (N, C) each.

    Attributes:
        iou: Summed IoU of the true positives.
        tp: True positives.
        fp: False positives.
        fn: Misses.
    """

    iou: np.ndarray
    tp: np.ndarray
    fp: np.ndarray
    fn: np.ndarray


def image_counts(
    terms: np.ndarray, num_images: int, num_categories: int
) -> ImageCounts:
    """Count the terms of each image and category.

    Args:
        terms: Rows of TERM.
        num_images: N.
        num_categories: C.
    """
    cells = terms['image'].astype(np.int64) * num_categories + terms['category']
    shape = (num_images, num_categories)

    def count(kind: int, weights: np.ndarray | None = None) -> np.ndarray:
        chosen = terms['kind'] == kind
        weights = None if weights is None else weights[chosen]
        total = np.bincount(cells[chosen], weights, minlength=shape[0] * shape[1])
        return total.reshape(shape)

    return ImageCounts(count(TP, terms['iou']), count(TP), count(FP), count(FN))
