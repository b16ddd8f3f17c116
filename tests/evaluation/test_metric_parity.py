"""The metric gives the numbers of upstream's, and its files give them too."""

import json
from pathlib import Path

from epsnet_mm.datasets import EPSNetPanopticDataset
from epsnet_mm.datasets.synthetic.shapes import make_shapes
from epsnet_mm.evaluation import EPSNetPanopticMetric
from epsnet_mm.structures.panoptic_json import read_panoptic_json
from epsnet_mm.structures.segment_ids import decode_segment_ids
from epsnet_runtime.coco.segment_runs import measure_segments
from tests.evaluation.disturbed import (
    REAL,
    REAL_NAMES,
    SHAPES,
    disturbed_predictions,
    load,
)
from tests.requirements import DATA_DIR

import pytest
from mmdet.evaluation import CocoPanopticMetric


@pytest.fixture(scope='module')
def shapes(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp('data') / 'shapes'
    make_shapes(root, train=1, val=24, size=64)
    return root


def evaluate(
    metric: CocoPanopticMetric, dataset: EPSNetPanopticDataset, samples: list
) -> tuple:
    """Counts of each image and category, and the final figures."""
    metric.dataset_meta = dataset.metainfo
    for sample in samples:
        # Upstream writes into predictions.
        sem_seg = sample['pred_panoptic_seg']['sem_seg'].clone()
        metric.process({}, [dict(sample, pred_panoptic_seg=dict(sem_seg=sem_seg))])
    counts = [
        {
            category: (stat.tp, stat.fp, stat.fn, stat.iou)
            for category, stat in result.pq_per_cat.items()
            if stat.tp + stat.fp + stat.fn
        }
        for result in metric.results
        if not isinstance(result, tuple)
    ]
    return counts, metric.evaluate(len(samples))


def things_first(ann_file: Path, out: Path) -> str:
    """Copy a file with sorted categories: upstream needs that order."""
    content = json.loads(ann_file.read_text(encoding='utf-8'))
    content['categories'].sort(key=lambda category: -category['isthing'])
    out.write_text(json.dumps(content), encoding='utf-8')
    return str(out)


def assert_like_upstream(root: Path, names: tuple, tmp_path: Path) -> dict:
    dataset = load(root, names)
    samples = disturbed_predictions(dataset)
    upstream_file = things_first(root / names[0], tmp_path / 'sorted.json')
    pngs = str(root / names[2])
    ours = evaluate(EPSNetPanopticMetric(str(root / names[0]), pngs), dataset, samples)
    upstream = evaluate(CocoPanopticMetric(upstream_file, pngs), dataset, samples)
    assert ours == upstream
    return ours[1]


def test_same_numbers_as_upstream_on_shapes(shapes, tmp_path):
    figures = assert_like_upstream(shapes, SHAPES, tmp_path)
    assert 20 < figures['coco_panoptic/PQ'] < 95
    assert 20 < figures['coco_panoptic/PQ_th'] < 95
    assert 20 < figures['coco_panoptic/PQ_st'] < 95


@pytest.mark.parametrize('name', REAL_NAMES)
def test_same_numbers_as_upstream_on_real_data(name, tmp_path):
    assert_like_upstream(DATA_DIR / name, REAL[name], tmp_path)


def test_written_files_give_the_same_numbers(shapes, tmp_path):
    ann_file, _, pngs = SHAPES
    dataset = load(shapes, SHAPES)
    samples = disturbed_predictions(dataset)
    paths = (str(shapes / ann_file), str(shapes / pngs))
    _, in_memory = evaluate(EPSNetPanopticMetric(*paths), dataset, samples)
    written = EPSNetPanopticMetric(*paths, outfile_prefix=str(tmp_path / 'x'), nproc=1)
    assert evaluate(written, dataset, samples)[1] == pytest.approx(in_memory)

    # What was written is itself a valid annotation file.
    content = read_panoptic_json(str(tmp_path / 'x.panoptic.json'))
    assert [image['id'] for image in content['images']] == list(range(24))
    for annotation in content['annotations']:
        png = (tmp_path / 'x.panoptic' / annotation['file_name']).read_bytes()
        ids = decode_segment_ids(png, annotation['file_name'])
        measured = measure_segments(ids)
        assert measured == {
            x['id']: (x['area'], x['bbox']) for x in annotation['segments_info']
        }
