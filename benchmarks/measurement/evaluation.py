"""Time of loading and evaluating panoptic data, with MMDetection as baseline."""

import copy
import json
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from epsnet_mm.datasets import EPSNetPanopticDataset, LoadPanopticSegments
from epsnet_mm.evaluation import EPSNetPanopticMetric
from epsnet_mm.structures.segment_ids import decode_segment_ids

import mmcv
import numpy as np
import torch
from mmdet.datasets.transforms import LoadPanopticAnnotations
from mmdet.evaluation import INSTANCE_OFFSET, CocoPanopticMetric

from .agreement import check_agreement
from .statistics import Summary, summarize

# Pixels by which a synthetic prediction is shifted at most.
LARGEST_SHIFT = 6


@dataclass(frozen=True)
class Comparison:
    """Milliseconds per image of MMDetection (`upstream`) and of this package."""

    upstream: Summary
    ours: Summary

    def speedup(self, common: 'Comparison | None' = None) -> float:
        """Ratio of the medians; if given, the time of `common` is left out."""
        upstream, ours = self.upstream.median, self.ours.median
        if common is not None:
            upstream -= common.upstream.median
            ours -= common.ours.median
        return upstream / ours


def compare_loading(dataset: EPSNetPanopticDataset, repeats: int) -> Comparison:
    """`LoadPanopticSegments` and `LoadPanopticAnnotations`, with PNG decoding.

    Crowds are left out, as MMDetection gives them no masks.

    Raises:
        DisagreementError: They load different arrays.
    """
    upstream, ours = LoadPanopticAnnotations(), LoadPanopticSegments()
    infos = [_without_crowds(info) for info in _infos(dataset)]
    for info in infos:
        expected, found = (x.transform(copy.copy(info)) for x in (upstream, ours))
        for agree, what in (
            (np.array_equal(expected['gt_seg_map'], found['gt_seg_map']), 'label maps'),
            (
                np.array_equal(expected['gt_masks'].masks, found['gt_masks'].masks),
                'masks',
            ),
            (expected['gt_bboxes'].tensor.equal(found['gt_bboxes'].tensor), 'boxes'),
        ):
            check_agreement(agree, f'{what} of {info["seg_map_path"]}')
    return _compare(
        lambda info: upstream.transform(copy.copy(info)),
        lambda info: ours.transform(copy.copy(info)),
        infos,
        repeats,
    )


def compare_decoding(dataset: EPSNetPanopticDataset, repeats: int) -> Comparison:
    """Decoding of PNGs, which is a part of the other two comparisons."""
    paths = [info['seg_map_path'] for info in _infos(dataset)]
    return _compare(
        lambda item: mmcv.imfrombytes(item[0], flag='color', channel_order='rgb'),
        lambda item: decode_segment_ids(*item),
        [(Path(path).read_bytes(), path) for path in paths],
        repeats,
    )


def compare_metrics(dataset: EPSNetPanopticDataset, repeats: int) -> Comparison:
    """`EPSNetPanopticMetric` and `CocoPanopticMetric`, with reading of PNGs.

    Predictions are synthetic: the ground truth, shifted by a few pixels, with a
    band of void and a wrong segment.

    Raises:
        DisagreementError: They compute different numbers.
    """
    samples = _predictions(dataset)
    with tempfile.TemporaryDirectory() as folder:
        ann_file = _in_label_order(dataset, Path(folder))
        segments = dataset.data_prefix['seg']
        with redirect_stdout(StringIO()):
            metrics = [
                CocoPanopticMetric(ann_file=ann_file, seg_prefix=segments),
                EPSNetPanopticMetric(ann_file=dataset.ann_file, seg_prefix=segments),
            ]
    for metric in metrics:
        metric.dataset_meta = dataset.metainfo
        for sample in samples:
            _process(metric, sample)
    with redirect_stdout(StringIO()):
        expected, found = (x.compute_metrics(x.results) for x in metrics)
    check_agreement(expected == found, f'metrics ({expected} and {found})')
    return _compare(
        *(lambda sample, metric=metric: _process(metric, sample) for metric in metrics),
        samples,
        repeats,
    )


def _compare(
    upstream: Callable, ours: Callable, items: list, repeats: int
) -> Comparison:
    """Time both on all items, in turns."""
    times = ([], [])
    for _ in range(repeats):
        for item in items:
            for function, measured in zip((upstream, ours), times, strict=True):
                start = time.perf_counter()
                function(item)
                measured.append(1e3 * (time.perf_counter() - start))
    return Comparison(*map(summarize, times))


def _process(metric: CocoPanopticMetric, sample: dict) -> None:
    # MMDetection's metric changes the prediction in place.
    prediction = {'sem_seg': sample['pred_panoptic_seg']['sem_seg'].clone()}
    metric.process({}, [{**sample, 'pred_panoptic_seg': prediction}])


def _infos(dataset: EPSNetPanopticDataset) -> list[dict]:
    infos = [dataset.get_data_info(index) for index in range(len(dataset))]
    return [{**x, 'ori_shape': (x['height'], x['width'])} for x in infos]


def _without_crowds(info: dict) -> dict:
    segments = [
        {k: v for k, v in x.items() if k != 'is_crowd'} for x in info['segments_info']
    ]
    instances = [x for x in info['instances'] if not x['ignore_flag']]
    return {**info, 'segments_info': segments, 'instances': instances}


def _in_label_order(dataset: EPSNetPanopticDataset, folder: Path) -> str:
    """A copy of the annotations for MMDetection, whose labels follow their order."""
    content = json.loads(Path(dataset.ann_file).read_text(encoding='utf-8'))
    names = dataset.metainfo['classes']
    content['categories'].sort(key=lambda category: names.index(category['name']))
    path = folder / 'panoptic.json'
    path.write_text(json.dumps(content), encoding='utf-8')
    return str(path)


def _predictions(dataset: EPSNetPanopticDataset) -> list[dict]:
    rng = np.random.default_rng(0)
    num_classes = len(dataset.metainfo['classes'])
    loader, samples = LoadPanopticSegments(), []
    for info in _infos(dataset):
        truth = loader.transform(copy.copy(info))
        panoptic = truth['gt_seg_map'].astype(np.int64)
        panoptic[panoptic == 255] = num_classes
        for number, mask in enumerate(truth['gt_masks'].masks, start=1):
            panoptic[mask > 0] += number * INSTANCE_OFFSET
        shift = rng.integers(-LARGEST_SHIFT, LARGEST_SHIFT + 1, 2)
        panoptic = np.roll(panoptic, shift, (0, 1))
        height, width = panoptic.shape
        panoptic[: height // 8] = num_classes
        wrong = int(rng.integers(num_classes)) + 99 * INSTANCE_OFFSET
        panoptic[height // 3 : height // 2, : width // 5] = wrong
        samples.append(
            dict(
                img_id=info['img_id'],
                img_path=info['img_path'],
                ori_shape=info['ori_shape'],
                pred_panoptic_seg=dict(sem_seg=torch.from_numpy(panoptic)[None]),
            )
        )
    return samples
