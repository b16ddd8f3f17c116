"""Panoptic quality as a metric of MMEngine."""

import os.path as osp
from collections.abc import Sequence
from pathlib import Path

from epsnet_runtime.coco.categories import with_kinds
from epsnet_runtime.coco.panoptic_annotation import panoptic_annotation
from epsnet_runtime.coco.panoptic_json import write_panoptic_json
from epsnet_runtime.coco.segment_ids import write_segment_ids

import numpy as np
from mmdet.evaluation import INSTANCE_OFFSET, CocoPanopticMetric
from mmdet.evaluation.metrics import coco_panoptic_metric as upstream
from mmdet.registry import METRICS
from mmengine.logging import MMLogger

from ..structures.panoptic_json import read_panoptic_json
from ..structures.panoptic_map import detection_scores
from ..structures.segment_ids import read_segment_ids
from ..structures.segment_numbers import number_segments
from .class_errors import ClassErrors
from .named_categories import NamedCategories
from .pq_counting import accumulate_pq, average_pq, count_intersections
from .pq_terms.terms import TERM, image_terms

try:
    from panopticapi.evaluation import PQStat
except ImportError:
    PQStat = None


@METRICS.register_module()
class EPSNetPanopticMetric(CocoPanopticMetric):
    """Panoptic quality of predictions in COCO panoptic format.

    Gives the numbers of `CocoPanopticMetric` and differs from it in this:

    - Pixels are counted in memory, by one `bincount` over pairs of segments.
      Upstream goes through a PNG file and makes one comparison per segment.
    - Labels and categories are paired by name. So files that mix things and stuff
      are evaluated correctly, and the class-wise table has the right names.
    - Areas of ground truth segments are counted in the PNGs. A wrong `area` in the
      file does no harm.
    - Things or stuff that no image has get the averages 0. Upstream divides by zero.
    - Predictions aren't changed. Upstream overwrites void with class 0 in the
      tensor that the visualization hook draws afterwards.
    - With `classwise`, the table of classes begins with the worst one, and tells what
      each class loses PQ to (docs/error_analysis.md).
    - Predicted PNGs are named after the annotation's PNG, or after the image where
      there is no annotation.

    With `outfile_prefix`, PNGs and a JSON file are written, with segments numbered
    from 1, and evaluated by upstream's code. `format_only=True` stops after writing.
    Things of EPSNet have their `score` in `segments_info`.

    Args:
        ann_file: COCO panoptic JSON of the ground truth; with `format_only`, its
            `annotations` and `isthing` may be absent.
        seg_prefix: Folder of the ground truth's PNGs; needed unless `format_only`.
        format_only: Write results without evaluating.
        backend_args: MMEngine's file backend; None for local files.
        **kwargs: `classwise`, `outfile_prefix`, `nproc`, `collect_device`,
            `prefix`: see `CocoPanopticMetric`.

    Attributes:
        class_errors: What classes lose PQ to, with `classwise`; None before the first
            evaluation, and where files are evaluated.

    Raises:
        ImportError: If panopticapi is not installed.
        FileNotFoundError: If the annotation file or the folder does not exist.
        ValueError: If a needed argument is missing, the annotation file is not a
            valid panoptic one, or predictions don't fit it.
    """

    # What `save_best` may name, after the prefix.
    METRIC_NAMES = tuple(q + g for g in ('', '_th', '_st') for q in ('PQ', 'SQ', 'RQ'))

    def __init__(
        self,
        ann_file: str,
        seg_prefix: str | None = None,
        format_only: bool = False,
        backend_args: dict | None = None,
        **kwargs,
    ) -> None:
        if PQStat is None:
            raise ImportError(
                'EPSNetPanopticMetric needs the package panopticapi, which is not '
                'installed: run `pip install --no-deps panopticapi-lite`.'
            )
        if seg_prefix is None and not format_only:
            raise ValueError(
                'EPSNetPanopticMetric needs `seg_prefix`, the folder of the ground '
                "truth's segmentation PNGs: set it in `val_evaluator` and "
                '`test_evaluator`.'
            )
        if format_only and kwargs.get('outfile_prefix') is None:
            raise ValueError(
                'EPSNetPanopticMetric with `format_only` needs `outfile_prefix`, '
                'where to write: set it in the evaluator.'
            )
        local = backend_args is None
        if local and not format_only and not osp.isdir(seg_prefix):
            raise FileNotFoundError(
                f'The folder {seg_prefix} with the segmentation PNGs does not '
                'exist: correct `seg_prefix` in the evaluator, or prepare the '
                'dataset first.'
            )
        super().__init__(
            seg_prefix=seg_prefix,
            format_only=format_only,
            backend_args=backend_args,
            **kwargs,
        )
        self._ann_file = ann_file
        self._coco_api = NamedCategories(
            read_panoptic_json(ann_file, not format_only, backend_args, True)
        )
        self.categories = self._coco_api.cats
        self.class_errors: ClassErrors | None = None

    def process(self, data_batch: dict, data_samples: Sequence[dict]) -> None:
        """Count or write one batch, see `CocoPanopticMetric.process`."""
        if self.cat_ids is None:
            self._match_categories()
        super().process(data_batch, data_samples)

    def _match_categories(self) -> None:
        """Pair labels with category ids, by name.

        Categories are sorted by label, the order of upstream's class-wise table.
        """
        classes = self.dataset_meta['classes']
        names = {cat['name'] for cat in self._coco_api.cats.values()}
        if names != set(classes):
            differing = sorted(names.symmetric_difference(classes))
            raise ValueError(
                f'The classes of the dataset and the categories of '
                f'{self._ann_file} differ, e.g. in {differing[:3]}: the '
                "evaluator's `ann_file` must belong to the dataset of its "
                'dataloader.'
            )
        self.cat_ids = self._coco_api.get_cat_ids(cat_names=classes)
        # With `format_only`, `isthing` may be absent from the file.
        categories = with_kinds(
            [self._coco_api.cats[cat_id] for cat_id in self.cat_ids],
            self.dataset_meta.get('thing_classes', ()),
        )
        self._coco_api.cats = {category['id']: category for category in categories}
        self.categories = self._coco_api.cats

    def _compute_batch_pq_stats(self, data_samples: Sequence[dict]) -> None:
        """Append one PQStat per image to `self.results`."""
        for sample in data_samples:
            gt_segments = self._segments_of(sample['img_id'])
            path = osp.join(self.seg_prefix, self._png_of(sample['img_id']))
            ids = read_segment_ids(path, self.backend_args)
            prediction = sample['pred_panoptic_seg']
            pan = prediction['sem_seg'].cpu().numpy()[0]
            if pan.shape != ids.shape:
                raise ValueError(
                    f'The prediction for {sample["img_path"]} has the size '
                    f'{pan.shape[1]} x {pan.shape[0]}, its ground truth {path}'
                    f' {ids.shape[1]} x {ids.shape[0]}: the detector must '
                    'return panoptic maps at `ori_shape`, and the PNG must be '
                    'as large as the image.'
                )
            intersections, labels = count_intersections(
                ids,
                [s['id'] for s in gt_segments],
                pan,
                self._void_labels(prediction),
                path,
            )
            categories = self._categories_of(labels)
            pq_stat = PQStat()
            accumulate_pq(pq_stat, intersections, gt_segments, categories)
            if self.classwise:
                pred_segments = [
                    dict(id=number, category_id=category)
                    for number, category in enumerate(categories, 1)
                ]
                # Travels with the counts of the image when processes are joined.
                pq_stat.terms = image_terms(
                    0, intersections, gt_segments, pred_segments, self.categories
                )
            self.results.append(pq_stat)

    def _void_labels(self, prediction: dict) -> list[int]:
        num_classes = len(self.cat_ids)
        return [num_classes, prediction.get('ignore_index', num_classes)]

    def _categories_of(self, labels: Sequence[int]) -> list[int]:
        beyond = [label for label in labels if label >= len(self.cat_ids)]
        if beyond:
            raise ValueError(
                f'The predicted panoptic map has the label {beyond[0]}, but '
                f'{self._ann_file} has {len(self.cat_ids)} classes: check the '
                'class counts of the fusion head.'
            )
        return [self.cat_ids[label] for label in labels]

    def _image(self, img_id: int) -> dict:
        if img_id not in self._coco_api.imgs:
            raise ValueError(
                f'The image id {img_id} is not in {self._ann_file}: the '
                "evaluator's `ann_file` must belong to the dataset of its "
                'dataloader.'
            )
        return self._coco_api.imgs[img_id]

    def _png_of(self, img_id: int) -> str:
        return self._image(img_id)['segm_file']

    def _segments_of(self, img_id: int) -> list[dict]:
        return self._coco_api.imgToAnns[self._image(img_id)['id']]

    def _process_gt_and_predictions(self, data_samples: Sequence[dict]) -> None:
        """Write the predicted PNGs; the JSON follows in `compute_metrics`."""
        for sample in data_samples:
            prediction = sample['pred_panoptic_seg']
            pan = prediction['sem_seg'].cpu().numpy()[0]
            void = np.isin(pan % INSTANCE_OFFSET, self._void_labels(prediction))
            self._categories_of(np.unique(pan[~void] % INSTANCE_OFFSET).tolist())
            ids, segments = number_segments(
                np.where(void, len(self.cat_ids), pan),
                list(self.categories.values()),
                _scores(sample, pan),
            )
            annotation = panoptic_annotation(
                sample['img_id'], self._png_of(sample['img_id']), ids, segments
            )
            write_segment_ids(ids, Path(self.seg_out_dir, annotation['file_name']))
            height, width = sample['ori_shape']
            gt = dict(image_id=sample['img_id'], width=width, height=height)
            self.results.append((gt, annotation))

    def result2json(
        self, results: Sequence[dict], outfile_prefix: str
    ) -> tuple[str, str]:
        """Write the JSON of all images.

        Args:
            results: Their annotations.
            outfile_prefix: The file is this with `.panoptic.json` behind it.

        Returns:
            The file and the folder of its PNGs.
        """
        images = [self._image(annotation['image_id']) for annotation in results]
        keys = ('id', 'file_name', 'height', 'width')
        ann_file = f'{outfile_prefix}.panoptic.json'
        write_panoptic_json(
            Path(ann_file),
            [{key: image[key] for key in keys} for image in images],
            results,
            list(self.categories.values()),
        )
        return ann_file, self.seg_out_dir

    def compute_metrics(self, results: list) -> dict[str, float]:
        """Sum up the images, see `CocoPanopticMetric.compute_metrics`."""
        if self.cat_ids is None:
            # A process may have received no image of a small dataset.
            self._match_categories()
        if self.tmp_dir is None:
            return self._evaluate_files(results)
        pq_stat = PQStat()
        for image_stat in results:
            pq_stat += image_stat
        averages = average_pq(pq_stat, self.categories)
        logger = MMLogger.get_current_instance()
        upstream.print_panoptic_table(averages, logger=logger)
        if self.classwise:
            terms = np.concatenate([np.zeros(0, TERM), *(x.terms for x in results)])
            self.class_errors = ClassErrors.of_terms(
                terms, averages['classwise'], list(self.categories.values())
            )
            logger.info(f'Classes, the worst first:\n{self.class_errors.table()}')
        return upstream.parse_pq_results(averages)

    def _evaluate_files(self, results: list) -> dict[str, float]:
        """Write the JSON file and let upstream evaluate what is written."""
        try:
            return super().compute_metrics(results)
        except ZeroDivisionError:
            raise ValueError(
                'The images have no things or no stuff, so upstream cannot evaluate '
                f'the written files {self.outfile_prefix}.*: remove `outfile_prefix` '
                'from the evaluator, or set `format_only=True`.'
            ) from None


def _scores(sample: dict, pan: np.ndarray) -> dict[int, float]:
    """Scores of the thing ids of a map, as far as the sample has them."""
    found = sample.get('pred_instances', {})
    return detection_scores(pan, found.get('labels', ()), found.get('scores', ()))
