"""Small pictures of an image, its segments and its errors, as data URIs.

Segments and errors are transparent layers that lie on the image in the page. Flat
colors compress well, and the page can fade them.
"""

import base64
from collections.abc import Mapping, Sequence
from io import BytesIO

from epsnet_runtime.drawing.segment_colors import segment_colors

import cv2
import numpy as np
from mmdet.evaluation import INSTANCE_OFFSET
from PIL import Image

from ...evaluation.pq_terms.causes import Cause
from ...evaluation.pq_terms.terms import FN, FP, TP
from ...visualization.palettes import Color
from .cause_colors import cause_rgb

_JPEG_QUALITY = 78
_VOID = (0, 0, 0, 110)
_THING_LINE, _STUFF_LINE = (255, 255, 255, 255), (30, 30, 30, 255)


def fit_size(shape: tuple[int, int], longest: int) -> tuple[int, int]:
    """Width and height of a picture of an image, never larger than the image.

    Args:
        shape: Height and width of the image.
        longest: Longest side of the picture.
    """
    scale = min(1.0, longest / max(shape))
    return max(round(scale * shape[1]), 1), max(round(scale * shape[0]), 1)


def shrink_image(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """An (H, W, 3) image of `size` (width, height)."""
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


def shrink_ids(ids: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """An (H, W) map of ids of `size` (width, height)."""
    return cv2.resize(ids.astype(np.int32), size, interpolation=cv2.INTER_NEAREST)


def replace_ids(ids: np.ndarray, values: Mapping[int, int], default: int) -> np.ndarray:
    """The value of each id of an (H, W) map; `default` for ids without one."""
    found, inverse = np.unique(ids, return_inverse=True)
    table = np.array([values.get(x, default) for x in found.tolist()])
    return table[inverse].reshape(ids.shape)


def segment_layer(
    ids: np.ndarray,
    segments: Sequence[dict],
    categories: Mapping[int, dict],
    palette: Sequence[Color],
) -> np.ndarray:
    """Colors of segments, with outlines.

    Args:
        ids: (H, W) segment ids, 0 is void.
        segments: `id` and `category_id` of each.
        categories: From category id to a dict with `isthing`, in label order.
        palette: RGB of each category.

    Returns:
        (H, W, 4) RGBA.
    """
    labels = {category: label for label, category in enumerate(categories)}
    numbers = {}
    for number, segment in enumerate(segments, 1):
        category = segment['category_id']
        instance = number * INSTANCE_OFFSET if categories[category]['isthing'] else 0
        numbers[segment['id']] = labels[category] + instance
    void = len(categories)
    panoptic = replace_ids(ids, numbers, void)
    layer = np.full((*ids.shape, 4), _VOID, np.uint8)
    classes = {
        number: number % INSTANCE_OFFSET
        for number in np.unique(panoptic).tolist()
        if number != void
    }
    for number, color in segment_colors(panoptic, classes, palette).items():
        layer[panoptic == number] = (*color, 255)
    edges = _edges(ids)
    solid = panoptic != void
    layer[edges & solid & (panoptic < INSTANCE_OFFSET)] = _STUFF_LINE
    layer[edges & (panoptic >= INSTANCE_OFFSET)] = _THING_LINE
    return layer


def error_layer(
    gt_ids: np.ndarray, pred_ids: np.ndarray, terms: np.ndarray
) -> np.ndarray:
    """Pixels in the color of the cause that they lose PQ to; others are transparent.

    Misses lie above false positives, and these above wrong pixels of matches.

    Args:
        gt_ids: (H, W) segment ids, 0 is void.
        pred_ids: (H, W) segment ids, 0 is void.
        terms: Rows of TERM of this image.

    Returns:
        (H, W, 4) RGBA.
    """
    hits = terms[terms['kind'] == TP]
    pairs = list(zip(hits['gt_id'].tolist(), hits['pred_id'].tolist(), strict=True))
    partner_of_gt = replace_ids(gt_ids, dict(pairs), -1)
    partner_of_pred = replace_ids(pred_ids, {pred: gt for gt, pred in pairs}, -1)
    outside = (partner_of_gt >= 0) & (partner_of_gt != pred_ids)
    outside |= (partner_of_pred >= 0) & (partner_of_pred != gt_ids) & (gt_ids > 0)
    causes = np.where(outside, int(Cause.BOUNDARY), -1)
    others = terms[terms['kind'] != TP]
    for kind, ids, key in ((FP, pred_ids, 'pred_id'), (FN, gt_ids, 'gt_id')):
        own = others[others['kind'] == kind]
        table = dict(zip(own[key].tolist(), own['cause'].tolist(), strict=True))
        found = replace_ids(ids, table, -1)
        causes = np.where(found >= 0, found, causes)
    colors = np.zeros((len(Cause) + 1, 4), np.uint8)
    for cause in Cause:
        colors[cause] = (*cause_rgb(cause), 255)
    # -1, no error, is the last row.
    return colors[causes]


def _edges(ids: np.ndarray) -> np.ndarray:
    """Pixels with a neighbor of another id to the right or below."""
    edges = np.zeros(ids.shape, bool)
    edges[:-1] |= ids[1:] != ids[:-1]
    edges[:, :-1] |= ids[:, 1:] != ids[:, :-1]
    return edges


def jpeg_uri(image: np.ndarray) -> str:
    """An (H, W, 3) RGB image as a data URI."""
    buffer = BytesIO()
    Image.fromarray(image).save(buffer, 'JPEG', quality=_JPEG_QUALITY, optimize=True)
    return _uri('jpeg', buffer)


def layer_uri(layer: np.ndarray) -> str:
    """An (H, W, 4) RGBA layer as a data URI, without loss."""
    buffer = BytesIO()
    Image.fromarray(layer).save(buffer, 'WEBP', lossless=True, quality=60, method=4)
    return _uri('webp', buffer)


def _uri(kind: str, buffer: BytesIO) -> str:
    content = base64.b64encode(buffer.getvalue()).decode('ascii')
    return f'data:image/{kind};base64,{content}'
