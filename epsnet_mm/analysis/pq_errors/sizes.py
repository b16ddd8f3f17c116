"""Sizes of segments, in pixels and against their own category."""

import numpy as np

from ...evaluation.pq_terms.terms import FP

#: COCO's limits: 32 and 96 pixels squared.
COCO_LIMITS = (32**2, 96**2)
COCO_SIZES = ('small', 'medium', 'large')
TERCILES = ('smallest third', 'middle third', 'largest third')


def coco_sizes(terms: np.ndarray) -> np.ndarray:
    """Number of COCO's size of each term.

    Args:
        terms: Rows of TERM. A false positive has the size of the prediction, others
            that of the object.

    Returns:
        Positions in COCO_SIZES: small is below 32 x 32 pixels, large from 96 x 96.
    """
    return np.digitize(terms['area'], COCO_LIMITS)


def terciles(terms: np.ndarray) -> np.ndarray:
    """Third of its category in which the area of each term is.

    Limits are the terciles of the areas of the category's objects, so that each
    third has as many. A category without objects has the limits of all objects.

    Args:
        terms: Rows of TERM.

    Returns:
        Positions in TERCILES.
    """
    is_object = terms['kind'] != FP
    sizes = np.zeros(len(terms), np.int64)
    for category in np.unique(terms['category']):
        own = terms['category'] == category
        objects = terms['area'][own & is_object]
        if objects.size == 0:
            objects = terms['area'][is_object]
        if objects.size:
            limits = np.quantile(objects, (1 / 3, 2 / 3), method='inverted_cdf')
            # Up to and with the limit: equal areas are in one third.
            sizes[own] = np.digitize(terms['area'][own], limits, right=True)
    return sizes
