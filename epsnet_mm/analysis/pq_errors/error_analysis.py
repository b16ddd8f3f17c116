"""Reads COCO panoptic results and their ground truth, and finds what PQ they lose."""

import json
import os.path as osp
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from panopticapi.evaluation import PQStat

from ...evaluation.pq_counting import average_pq, count_listed_intersections
from ...progress import show_progress
from ...structures.panoptic_json import read_panoptic_json
from ...structures.segment_ids import check_same_size, decode_segment_ids
from .confusion import add_pixels
from .image_counts import ImageCounts, image_counts
from .terms import TERM, image_terms


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
    """

    categories: list[dict]
    image_ids: list[int]
    groups: list
    terms: np.ndarray
    pixels: np.ndarray

    @property
    def is_thing(self) -> np.ndarray:
        """(C,) whether each category is a thing."""
        return np.array([bool(x['isthing']) for x in self.categories])

    def counts(self) -> ImageCounts:
        """Counts of each image and category."""
        return image_counts(self.terms, len(self.image_ids), len(self.categories))

    def averages(self) -> dict[str, dict]:
        """PQ, SQ and RQ to the last bit as the metric computes them.

        See `average_pq`.
        """
        stat = PQStat()
        # One image after the other, as the metric adds them up.
        for key, table in self.counts()._asdict().items():
            totals = np.cumsum(table, axis=0)[-1].tolist()
            for category, total in zip(self.categories, totals, strict=True):
                setattr(stat[category['id']], key, total)
        return average_pq(stat, {x['id']: x for x in self.categories})


def analyze_errors(
    results: str,
    ann_file: str,
    seg_dir: str,
    results_dir: str | None = None,
    quiet: bool = False,
) -> ErrorAnalysis:
    """Find the terms of 1 - PQ of the images that results have.

    Args:
        results: COCO panoptic JSON of predictions.
        ann_file: COCO panoptic JSON of the ground truth.
        seg_dir: Folder of the ground truth's PNGs.
        results_dir: Folder of the predicted PNGs; None for the path of `results`
            without `.json`.
        quiet: Show no progress.

    Raises:
        FileNotFoundError: If a file does not exist.
        ValueError: If a file is not of the format, or they don't fit together.
    """
    truth = read_panoptic_json(ann_file)
    predictions, categories = _read_results(results, truth['categories'])
    annotations = {x['image_id']: x for x in truth['annotations']}
    images = {image['id']: image for image in truth['images']}
    _check_images(predictions, annotations, images, (results, ann_file))
    category_of = {category['id']: category for category in categories}
    folders = (seg_dir, results_dir or osp.splitext(results)[0])

    terms = [np.zeros(0, TERM)]
    pixels = np.zeros((len(categories) + 1,) * 2, np.int64)
    shown = show_progress(predictions, 'Comparing', disable=quiet)
    for number, prediction in enumerate(shown):
        truth_of_image = annotations[prediction['image_id']]
        both = (truth_of_image['segments_info'], prediction['segments_info'])
        for path, segments in zip((ann_file, results), both, strict=True):
            _check_categories(segments, category_of, path)
        intersections = _count(truth_of_image, prediction, folders)
        terms.append(image_terms(number, intersections, *both, category_of))
        add_pixels(pixels, intersections, *both, list(category_of))
    image_ids = [prediction['image_id'] for prediction in predictions]
    return ErrorAnalysis(
        categories=categories,
        image_ids=image_ids,
        groups=[images[i].get('group', f'image {i}') for i in image_ids],
        terms=np.concatenate(terms),
        pixels=pixels,
    )


def _count(truth: dict, prediction: dict, folders: Sequence[str]) -> np.ndarray:
    gt_path, pred_path = (
        osp.join(folder, annotation['file_name'])
        for folder, annotation in zip(folders, (truth, prediction), strict=True)
    )
    gt_ids, pred_ids = (
        decode_segment_ids(Path(path).read_bytes(), path)
        for path in (gt_path, pred_path)
    )
    check_same_size(pred_ids, gt_ids.shape, pred_path)
    gt_segments, pred_segments = (
        [segment['id'] for segment in annotation['segments_info']]
        for annotation in (truth, prediction)
    )
    intersections = count_listed_intersections(
        gt_ids, gt_segments, pred_ids, pred_segments, (gt_path, pred_path)
    )
    areas = intersections[:, 1:].sum(axis=0)
    if not areas.all():
        raise ValueError(
            f'The segment id {pred_segments[areas.argmin()]} of {pred_path} has no '
            'pixel: remove it from `segments_info` of the results.'
        )
    return intersections


def _read_results(
    path: str, truth_categories: list[dict]
) -> tuple[list[dict], list[dict]]:
    """The annotations of a file of results, and the categories in its order.

    The order matters to the last bit of an average only. Other programs may write
    the annotations alone.
    """
    if not osp.isfile(path):
        raise FileNotFoundError(
            f'The file of results {path} does not exist: correct the path, or write '
            'it with `outfile_prefix` in the evaluator.'
        )
    try:
        content = json.loads(Path(path).read_text(encoding='utf-8'))
        predictions = content['annotations']
        complete = all(
            {'image_id', 'file_name', 'segments_info'} <= set(x) for x in predictions
        )
    except (ValueError, KeyError, TypeError):
        complete = False
    if not complete or not predictions:
        raise ValueError(
            f'{path} is no file of COCO panoptic results: it needs `annotations`, '
            'each with `image_id`, `file_name` and `segments_info`.'
        )
    category_of = {category['id']: category for category in truth_categories}
    order = [category.get('id') for category in content.get('categories', ())]
    if sorted(map(str, order)) != sorted(map(str, category_of)):
        order = list(category_of)
    return predictions, [category_of[category] for category in order]


def _check_images(
    predictions: list[dict], annotations: dict, images: dict, files: tuple[str, str]
) -> None:
    seen = set()
    for prediction in predictions:
        image_id = prediction['image_id']
        if image_id in seen:
            raise ValueError(
                f'{files[0]} has several annotations of the image id {image_id}: keep '
                'one.'
            )
        if image_id not in annotations or image_id not in images:
            raise ValueError(
                f'The image id {image_id} of {files[0]} is not in {files[1]}: name the '
                'annotation file that the results were predicted for.'
            )
        seen.add(image_id)


def _check_categories(segments: list[dict], category_of: dict, path: str) -> None:
    for segment in segments:
        if segment.get('category_id') not in category_of:
            raise ValueError(
                f'The segment {segment} of {path} has no category of the annotation '
                'file: correct its `category_id`.'
            )
