"""Panoptic quality as a metric of MMEngine."""

import os.path as osp
from collections.abc import Sequence

from mmdet.datasets.api_wrappers import COCOPanoptic
from mmdet.evaluation import CocoPanopticMetric
from mmdet.registry import METRICS
from mmengine.fileio import get

from ..structures.panoptic_json import read_panoptic_json
from ..structures.segment_ids import decode_segment_ids
from .pq_counting import accumulate_pq, count_intersections

try:
    from panopticapi.evaluation import PQStat
except ImportError:
    PQStat = None


class _NamedCategories(COCOPanoptic):
    """The annotation index of upstream's metric, with two differences: asked
    for category names, it answers in the order of the question (upstream: of
    the file, which gives labels the wrong category where things and stuff
    are mixed), and PNG names come from the annotations.

    Args:
        content (dict): See `read_panoptic_json`.
    """

    def __init__(self, content: dict) -> None:
        super().__init__()
        self.dataset = content
        self.createIndex()
        self.img_ann_map = self.imgToAnns

    def createIndex(self) -> None:
        super().createIndex()
        for image in self.imgs.values():
            # Masks in any other format would be stored with losses.
            image['segm_file'] = osp.splitext(image['file_name'])[0] + '.png'
        for annotation in self.dataset.get('annotations', ()):
            if 'file_name' in annotation:
                image = self.imgs[annotation['image_id']]
                image['segm_file'] = annotation['file_name']

    def get_cat_ids(self, cat_names: Sequence[str] = (), **kwargs) -> list[int]:
        ids = {cat['name']: cat['id'] for cat in self.dataset['categories']}
        return [ids[name] for name in cat_names]


@METRICS.register_module()
class EPSNetPanopticMetric(CocoPanopticMetric):
    """Panoptic quality of predictions in COCO panoptic format.

    Gives the numbers of `CocoPanopticMetric` and differs from it in that

    - pixels are counted in memory by one ``bincount`` over pairs of segments
      instead of through a PNG file and one comparison per segment;
    - labels and categories are paired by name, so that files that mix things
      and stuff are evaluated and tabled right;
    - areas of ground truth segments are counted in the PNGs, so that a wrong
      ``area`` in the file does no harm;
    - predictions aren't changed: upstream overwrites void with class 0 in the
      very tensor that the visualisation hook draws afterwards;
    - predicted PNGs are named after the annotation's PNG, or are PNGs at
      least, whatever the format of the images.

    With ``outfile_prefix``, PNGs and a JSON file are written and evaluated by
    upstream's code; ``format_only=True`` stops after writing.

    Args:
        ann_file (str): COCO panoptic JSON of the ground truth; with
            ``format_only``, its ``annotations`` may be absent.
        seg_prefix (str, optional): Folder of the ground truth's PNGs; needed
            unless ``format_only``. Defaults to None.
        format_only (bool): Write results without evaluating. Defaults to
            False.
        backend_args (dict, optional): MMEngine's file backend. Defaults to
            None.
        **kwargs: ``classwise``, ``outfile_prefix``, ``nproc``,
            ``collect_device``, ``prefix``: see `CocoPanopticMetric`.

    Raises:
        ImportError: panopticapi is not installed.
        FileNotFoundError: The annotation file or the folder does not exist.
        ValueError: A needed argument is missing, the annotation file is not a
            valid panoptic one, or predictions don't fit it.
    """

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
                'installed: run `pip install ./packages/panopticapi` in the '
                'project folder.'
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
                'exist: correct `seg_prefix` in the evaluator, or make the '
                'data set first.'
            )
        super().__init__(
            seg_prefix=seg_prefix,
            format_only=format_only,
            backend_args=backend_args,
            **kwargs,
        )
        self._ann_file = ann_file
        self._coco_api = _NamedCategories(
            read_panoptic_json(
                ann_file, with_segments=not format_only, backend_args=backend_args
            )
        )
        self.categories = self._coco_api.cats

    def process(self, data_batch: dict, data_samples: Sequence[dict]) -> None:
        """Count or write one batch, see `CocoPanopticMetric.process`."""
        if self.cat_ids is None:
            self._match_categories()
        super().process(data_batch, data_samples)

    def _match_categories(self) -> None:
        """Pair labels with category ids, by name, and sort the categories by
        label, which is the order of upstream's class-wise table.
        """
        classes = self.dataset_meta['classes']
        names = {cat['name'] for cat in self._coco_api.cats.values()}
        if names != set(classes):
            differing = sorted(names.symmetric_difference(classes))
            raise ValueError(
                f'The classes of the data set and the categories of '
                f'{self._ann_file} differ, e.g. in {differing[:3]}: the '
                "evaluator's `ann_file` must belong to the data set of its "
                'dataloader.'
            )
        self.cat_ids = self._coco_api.get_cat_ids(cat_names=classes)
        self._coco_api.cats = {
            cat_id: self._coco_api.cats[cat_id] for cat_id in self.cat_ids
        }
        self.categories = self._coco_api.cats

    def _compute_batch_pq_stats(self, data_samples: Sequence[dict]) -> None:
        """Append one PQStat per image to ``self.results``."""
        for sample in data_samples:
            gt_segments = self._segments_of(sample['img_id'])
            path = osp.join(self.seg_prefix, self._png_of(sample['img_id']))
            ids = decode_segment_ids(get(path, backend_args=self.backend_args), path)
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
            pq_stat = PQStat()
            accumulate_pq(
                pq_stat, intersections, gt_segments, self._categories_of(labels)
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
                "evaluator's `ann_file` must belong to the data set of its "
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
            prediction = dict(sample['pred_panoptic_seg'])
            # Upstream writes into the array.
            prediction['sem_seg'] = prediction['sem_seg'].clone()
            result = self._parse_predictions(
                pred=dict(pred_panoptic_seg=prediction),
                img_id=sample['img_id'],
                segm_file=self._png_of(sample['img_id']),
            )
            height, width = sample['ori_shape']
            gt = dict(image_id=sample['img_id'], width=width, height=height)
            self.results.append((gt, result))

    def compute_metrics(self, results: list) -> dict[str, float]:
        """Sum up the images, see `CocoPanopticMetric.compute_metrics`."""
        if self.cat_ids is None:
            # A process may have got no image of a small data set.
            self._match_categories()
        return super().compute_metrics(results)
