"""Finds what PQ results lose: the terms of 1 - PQ of all their images."""

import sys
from dataclasses import dataclass

import numpy as np
from panopticapi.evaluation import PQStat

from ...evaluation.pq_counting import average_pq, match_segments
from ...evaluation.pq_terms.terms import TERM, image_terms
from ...progress import show_progress
from .boundary_pq import boundary_ious
from .confusion import add_pixels
from .image_counts import ImageCounts, count_matches, image_counts
from .result_files import ImagePair, ResultFiles


@dataclass(frozen=True)
class ErrorAnalysis:
    """All terms of 1 - PQ of some results.

    Legend: N images, C categories.

    Attributes:
        categories: `id`, `name` and `isthing` of each, in the order of averages.
        image_ids: Of the N images, in the order of the results.
        groups: `group` of each image in the annotation file; 'image <id>' where
            there is none. Images of a group are no independent samples.
        terms: Rows of TERM, image by image.
        pixels: (C + 1, C + 1) numbers of pixels by category of the ground truth
            (rows) and of the prediction (columns); the last is void. Crowds count as
            void.
        boundary: Counts of boundary PQ, or None if it was not asked for.
    """

    categories: list[dict]
    image_ids: list[int]
    groups: list
    terms: np.ndarray
    pixels: np.ndarray
    boundary: ImageCounts | None = None

    @property
    def is_thing(self) -> np.ndarray:
        """(C,) whether each category is a thing."""
        return np.array([bool(x['isthing']) for x in self.categories])

    def counts(self) -> ImageCounts:
        """Counts of each image and category."""
        return image_counts(self.terms, len(self.image_ids), len(self.categories))

    def averages(self, counts: ImageCounts | None = None) -> dict[str, dict]:
        """PQ, SQ and RQ to the last bit as the metric computes them.

        See `average_pq`.

        Args:
            counts: Of the images; None for those of PQ.
        """
        stat = PQStat()
        # One image after the other, as the metric adds them up.
        for key, table in (counts or self.counts())._asdict().items():
            totals = np.cumsum(table, axis=0)[-1].tolist()
            for category, total in zip(self.categories, totals, strict=True):
                setattr(stat[category['id']], key, total)
        return average_pq(stat, {x['id']: x for x in self.categories})


def analyze_errors(
    files: ResultFiles, boundary: bool = False, quiet: bool = False
) -> ErrorAnalysis:
    """Find the terms of 1 - PQ of the images that results have.

    A line on stderr tells how many images have none.

    Args:
        files: The results and their ground truth.
        boundary: Measure boundary PQ too.
        quiet: Show no progress.

    Raises:
        FileNotFoundError: If a PNG does not exist.
        ValueError: If a PNG can't be decoded, or does not fit its list of segments.
    """
    if files.num_left_out:
        print(
            f'{files.num_left_out} of {files.num_left_out + len(files)} images of '
            f'{files.ann_file} have no results in {files.results}: they do not count.',
            file=sys.stderr,
        )
    category_of = {category['id']: category for category in files.categories}
    terms = [np.zeros(0, TERM)]
    boundary_counts = []
    pixels = np.zeros((len(category_of) + 1,) * 2, np.int64)
    shown = show_progress(range(len(files)), 'Comparing', disable=quiet)
    for number in shown:
        pair = files[number]
        intersections = pair.count_intersections()
        both = (pair.gt_segments, pair.pred_segments)
        terms.append(image_terms(number, intersections, *both, category_of))
        add_pixels(pixels, intersections, *both, list(category_of))
        if boundary:
            boundary_counts.append(_boundary_counts(pair, intersections, category_of))
    image_ids = [image['id'] for image in files.images]
    return ErrorAnalysis(
        categories=files.categories,
        image_ids=image_ids,
        groups=[x.get('group', f'image {x["id"]}') for x in files.images],
        terms=np.concatenate(terms),
        pixels=pixels,
        boundary=(
            ImageCounts(*map(np.stack, zip(*boundary_counts, strict=True)))
            if boundary
            else None
        ),
    )


def _boundary_counts(
    pair: ImagePair, intersections: np.ndarray, category_of: dict[int, dict]
) -> ImageCounts:
    positions = {category: i for i, category in enumerate(category_of)}
    gt, pred = (
        [positions[x['category_id']] for x in segments]
        for segments in (pair.gt_segments, pair.pred_segments)
    )
    matching = match_segments(
        intersections,
        pair.gt_segments,
        [x['category_id'] for x in pair.pred_segments],
        iou_limits=boundary_ious(pair),
    )
    return count_matches(matching, gt, pred, len(positions))
