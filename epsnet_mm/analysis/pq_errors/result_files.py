"""Reads COCO panoptic results together with their ground truth."""

import os.path as osp
from collections.abc import Container, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from epsnet_runtime.coco.value_rules import faults

import numpy as np

from ...evaluation.pq_counting import count_listed_intersections
from ...structures.json_file import parse_json
from ...structures.panoptic_json import read_panoptic_json
from ...structures.panoptic_schema import ANNOTATION, segment_faults
from ...structures.segment_ids import check_same_size, read_segment_ids

# Nobody else names the PNG of a result.
_RESULT = ANNOTATION | dict(file_name=replace(ANNOTATION['file_name'], required=True))


class ImagePair(NamedTuple):
    """Ground truth and prediction of an image.

    Attributes:
        gt_ids: (H, W) segment ids, 0 is void.
        gt_segments: The G entries of `segments_info`.
        pred_ids: (H, W) segment ids, 0 is void.
        pred_segments: The P entries of `segments_info`.
        paths: Names of the two PNGs.
    """

    gt_ids: np.ndarray
    gt_segments: list[dict]
    pred_ids: np.ndarray
    pred_segments: list[dict]
    paths: tuple[str, str]

    def count_intersections(self) -> np.ndarray:
        """The (G + 1, P + 1) common pixels, see `count_listed_intersections`.

        Raises:
            ValueError: If a PNG and its list of segments don't fit together.
        """
        gt, pred = (
            [segment['id'] for segment in segments]
            for segments in (self.gt_segments, self.pred_segments)
        )
        intersections = count_listed_intersections(
            self.gt_ids, gt, self.pred_ids, pred, self.paths
        )
        areas = intersections[:, 1:].sum(axis=0)
        if not areas.all():
            raise ValueError(
                f'The segment id {pred[areas.argmin()]} of {self.paths[1]} has no '
                'pixel: remove it from `segments_info` of the results.'
            )
        return intersections


class ResultFiles:
    """Results and their ground truth, image by image.

    Args:
        results: COCO panoptic JSON of predictions.
        ann_file: COCO panoptic JSON of the ground truth.
        seg_dir: Folder of the ground truth's PNGs.
        results_dir: Folder of the predicted PNGs; None for the path of `results`
            without `.json`.

    Attributes:
        results, ann_file: The two files.
        categories: `id`, `name` and `isthing` of each, in the order of the results if
            they have any.
        images: Entry of each image of the results, as in the annotation file.
        num_left_out: Number of images of the annotation file without results.

    Raises:
        FileNotFoundError: If a JSON file does not exist.
        ValueError: If one is not of the format, or they don't fit together.
    """

    def __init__(
        self, results: str, ann_file: str, seg_dir: str, results_dir: str | None = None
    ) -> None:
        self.results, self.ann_file = results, ann_file
        truth = read_panoptic_json(ann_file, check_segments=True)
        predictions, self.categories = _read_results(results, truth['categories'])
        annotations = {x['image_id']: x for x in truth['annotations']}
        images = {image['id']: image for image in truth['images']}
        _check_images(predictions, annotations, images, (results, ann_file))
        self.images = [images[x['image_id']] for x in predictions]
        self.num_left_out = len(images) - len(predictions)
        self._pairs = [(annotations[x['image_id']], x) for x in predictions]
        self._folders = (seg_dir, results_dir or osp.splitext(results)[0])
        known = {category['id'] for category in self.categories}
        for number, prediction in enumerate(predictions):
            where = f'annotations[{number}]'
            _check_segments(prediction['segments_info'], f'{results}: {where}', known)

    def __len__(self) -> int:
        return len(self._pairs)

    def scores(self) -> dict[tuple[int, int], float]:
        """Score of each predicted segment that has one.

        Returns:
            From the image's position and the segment's id.

        Raises:
            ValueError: If a `score` is no number.
        """
        scores = {}
        for number, (_, prediction) in enumerate(self._pairs):
            for segment in prediction['segments_info']:
                score = segment.get('score')
                if score is None:
                    continue
                if isinstance(score, bool) or not isinstance(score, int | float):
                    raise ValueError(
                        f'The segment {segment} of the results has a `score` that is '
                        'no number: write a number from 0 to 1, or leave it out.'
                    )
                scores[number, segment['id']] = float(score)
        return scores

    def __getitem__(self, number: int) -> ImagePair:
        """Read the PNGs of an image.

        Raises:
            FileNotFoundError: If one does not exist.
            ValueError: If one can't be decoded, or the sizes differ.
        """
        truth, prediction = self._pairs[number]
        image_name = self.images[number]['file_name']
        # The metric finds PNGs in the same way.
        png = truth.get('file_name', osp.splitext(image_name)[0] + '.png')
        paths = (
            osp.join(self._folders[0], png),
            osp.join(self._folders[1], prediction['file_name']),
        )
        gt_ids, pred_ids = map(read_segment_ids, paths)
        check_same_size(pred_ids, gt_ids.shape, paths[1])
        return ImagePair(
            gt_ids, truth['segments_info'], pred_ids, prediction['segments_info'], paths
        )


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
    content = parse_json(Path(path).read_bytes(), path)
    predictions = content.get('annotations') if isinstance(content, dict) else None
    if not isinstance(predictions, list) or not predictions:
        raise ValueError(
            f'{path} is no file of COCO panoptic results: it needs `annotations`, '
            'each with `image_id`, `file_name` and `segments_info`.'
        )
    for number, prediction in enumerate(predictions):
        for fault in faults(prediction, f'annotations[{number}]', _RESULT):
            raise ValueError(f'{path}: {fault}')
    # Ids of other programs may be texts.
    by_id = {str(category['id']): category for category in truth_categories}
    listed = content.get('categories')
    order = [
        str(category.get('id')) if isinstance(category, dict) else ''
        for category in (listed if isinstance(listed, list) else ())
    ]
    if sorted(order) != sorted(by_id):
        order = list(by_id)
    return predictions, [by_id[category] for category in order]


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


def _check_segments(
    segments: Sequence[dict], where: str, known: Container[int]
) -> None:
    for position, segment in enumerate(segments):
        for fault in segment_faults(
            segment, f'{where}.segments_info[{position}]', known
        ):
            raise ValueError(fault)
