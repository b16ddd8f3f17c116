"""An image of the page: its layers, and what is wrong in it."""

from collections.abc import Sequence

from epsnet_runtime.coco.segment_runs import measure_segments

import numpy as np

from ...datasets.image_reader import ImageReader, as_rgb
from ...evaluation.pq_terms.attribution import NONE
from ...evaluation.pq_terms.causes import Cause
from ...evaluation.pq_terms.terms import FN, TP
from ...visualization.palettes import Color
from ..pq_errors.error_analysis import ErrorAnalysis
from ..pq_errors.result_files import ImagePair
from ..pq_errors.sizes import COCO_SIZES, coco_sizes
from .cause_colors import CAUSE_COLORS
from .image_layers import (
    error_layer,
    fit_size,
    jpeg_uri,
    layer_uri,
    segment_layer,
    shrink_ids,
    shrink_image,
)

#: Errors of an image that are listed; the others are in its map of errors only.
MAX_LISTED = 15


def page_picture(
    analysis: ErrorAnalysis,
    pair: ImagePair,
    image_path: str,
    name: str,
    errors: Sequence[tuple[int, ...]],
    costs: np.ndarray,
    palette: Sequence[Color],
    longest: int,
) -> dict:
    """Read an image and make its layers.

    Args:
        analysis: Of the results.
        pair: Segments of the image.
        image_path: Its file.
        name: What the page calls it.
        errors: Positions of the terms of each of its errors, as `group_errors`
            gives.
        costs: Of all terms, in points of PQ.
        palette: RGB of each category.
        longest: Longest side of the pictures, in pixels.

    Returns:
        `name`, `width`, `height`, the layers `input`, `truth`, `prediction` and
        `errors` as data URIs, and `list`, its most expensive errors as
        `describe_error` gives.

    Raises:
        FileNotFoundError: If the image does not exist.
        ValueError: If it can't be decoded.
    """
    size = fit_size(pair.gt_ids.shape, longest)
    pixels = as_rgb(ImageReader(max_pixels=None).read(image_path))
    gt_ids, pred_ids = shrink_ids(pair.gt_ids, size), shrink_ids(pair.pred_ids, size)
    categories = {category['id']: category for category in analysis.categories}
    boxes = (measure_segments(pair.gt_ids), measure_segments(pair.pred_ids))
    total = [float(costs[list(error)].sum()) for error in errors]
    listed = [x for x in zip(errors, total, strict=True) if x[1] > 0]
    own_terms = analysis.terms[[term for error in errors for term in error]]
    return dict(
        name=name,
        width=size[0],
        height=size[1],
        input=jpeg_uri(shrink_image(np.ascontiguousarray(pixels), size)),
        truth=layer_uri(segment_layer(gt_ids, pair.gt_segments, categories, palette)),
        prediction=layer_uri(
            segment_layer(pred_ids, pair.pred_segments, categories, palette)
        ),
        errors=layer_uri(error_layer(gt_ids, pred_ids, own_terms)),
        list=[
            describe_error(analysis, error, cost, boxes, pair)
            for error, cost in listed[:MAX_LISTED]
        ],
    )


def describe_error(
    analysis: ErrorAnalysis,
    terms: Sequence[int],
    cost: float,
    boxes: tuple[dict, dict],
    pair: ImagePair,
) -> dict:
    """Say in words what an error is, and where.

    Args:
        analysis: Of the results.
        terms: Positions of its terms; the first one gives class and size.
        cost: Points of PQ.
        boxes: As `measure_segments` gives, of ground truth and prediction.
        pair: Segments of the image.

    Returns:
        `cause`, its name in lower case, `title`, `color`, `text`, `size`, `area`,
        `cost`, `classes`, and `boxes`: [kind, x, y, width, height] in shares of the
        image; the kind is 'truth' or 'prediction'.
    """
    rows = analysis.terms[list(terms)]
    first = rows[0]
    cause = Cause(int(first['cause']))
    names = [category['name'] for category in analysis.categories]
    involved = [names[first['category']]]
    if first['other'] not in (NONE, first['category']):
        involved.append(names[first['other']])
    places = []
    for key, kind, table in zip(
        ('gt_id', 'pred_id'), ('truth', 'prediction'), boxes, strict=True
    ):
        # The partner of a miss or of a false positive belongs to the story only if
        # it is one of the error's own segments.
        for segment in dict.fromkeys(rows[key].tolist()):
            if segment in table:
                places.append([kind, *_shares(table[segment][1], pair.gt_ids.shape)])
    return dict(
        cause=cause.name.lower(),
        title=cause.title,
        color=CAUSE_COLORS[cause],
        text=_text(first, involved, len(rows)),
        size=COCO_SIZES[int(coco_sizes(rows[:1])[0])],
        area=int(first['area']),
        cost=cost,
        classes=involved,
        boxes=places,
    )


def _text(term: np.void, classes: list[str], count: int) -> str:
    name = classes[0]
    if term['kind'] == TP:
        return f'{name}, IoU {term["iou"]:.2f}'
    cause = Cause(int(term['cause']))
    if cause in (Cause.WRONG_THING, Cause.WRONG_STUFF, Cause.WRONG_KIND):
        truth, found = classes if term['kind'] == FN else classes[::-1]
        return f'{truth} predicted as {found}'
    if cause in (Cause.SPLIT, Cause.MERGED) and count > 1:
        return f'{name}, {count} segments'
    return name


def _shares(box: list[int], shape: tuple[int, int]) -> list[float]:
    x, y, width, height = box
    return [
        round(value, 5)
        for value in (
            x / shape[1],
            y / shape[0],
            width / shape[1],
            height / shape[0],
        )
    ]
