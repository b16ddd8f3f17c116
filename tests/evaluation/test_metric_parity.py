"""The metric gives the numbers of upstream's, and its files give them too."""

import json
from pathlib import Path

from epsnet_mm.datasets import EPSNetPanopticDataset, LoadPanopticSegments
from epsnet_mm.datasets.synthetic.shapes import make_shapes
from epsnet_mm.evaluation import EPSNetPanopticMetric
from epsnet_mm.structures.panoptic_json import read_panoptic_json
from epsnet_mm.structures.segment_ids import decode_segment_ids
from epsnet_mm.structures.segment_runs import measure_segments

import numpy as np
import pytest
import torch
from mmdet.evaluation import INSTANCE_OFFSET, CocoPanopticMetric

SHARED = Path(__file__).parents[3] / 'shared/data'
# name: annotation file, images, PNGs
REAL = dict(
    coco_samples=(
        'annotations/panoptic_val.json',
        'images',
        'annotations/panoptic_val',
    ),
    camvid=('annotations/panoptic_val.json', 'images/val', 'annotations/panoptic_val'),
)
VOID = 255


@pytest.fixture(scope='module')
def shapes(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp('data') / 'shapes'
    make_shapes(root, train=1, val=24, size=64)
    return root


def load(root: Path, names: tuple, count: int = 24) -> EPSNetPanopticDataset:
    ann_file, images, pngs = names
    return EPSNetPanopticDataset(
        ann_file=ann_file,
        data_root=str(root),
        data_prefix=dict(img=images, seg=pngs),
        test_mode=True,
        indices=count,
    )


def disturbed_predictions(dataset: EPSNetPanopticDataset) -> list:
    """The ground truth, shifted, with void, an unmatched segment, split and
    swapped classes."""
    rng = np.random.default_rng(0)
    num_classes = len(dataset.metainfo['classes'])
    samples = []
    for index in range(len(dataset)):
        info = dataset.get_data_info(index)
        info['ori_shape'] = (info['height'], info['width'])
        loaded = LoadPanopticSegments().transform(info)
        pan = loaded['gt_seg_map'].astype(np.int64)
        pan[pan == VOID] = num_classes if index % 2 else 2
        for i, mask in enumerate(loaded['gt_masks'].masks, start=1):
            pan[mask > 0] += i * INSTANCE_OFFSET
        height, width = pan.shape
        pan = np.roll(pan, tuple(rng.integers(-4, 5, 2)), (0, 1))
        pan[: height // 8] = num_classes
        pan[height // 3 : height // 2, : width // 5] = 77 * INSTANCE_OFFSET + 1
        # From 1: upstream takes the value 0, which no fusion head gives to
        # a thing, for void.
        pan[pan == pan[-1, -1]] = rng.integers(1, num_classes)
        samples.append(
            dict(
                img_id=info['img_id'],
                img_path=info['img_path'],
                ori_shape=info['ori_shape'],
                pred_panoptic_seg=dict(sem_seg=torch.from_numpy(pan)[None]),
            )
        )
    return samples


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


def shapes_names() -> tuple:
    return ('annotations/panoptic_val.json', 'val', 'annotations/panoptic_val')


def test_same_numbers_as_upstream_on_shapes(shapes, tmp_path):
    figures = assert_like_upstream(shapes, shapes_names(), tmp_path)
    assert 20 < figures['coco_panoptic/PQ'] < 95
    assert 20 < figures['coco_panoptic/PQ_th'] < 95
    assert 20 < figures['coco_panoptic/PQ_st'] < 95


@pytest.mark.parametrize('name', REAL)
def test_same_numbers_as_upstream_on_real_data(name, tmp_path):
    if not (SHARED / name).is_dir():
        pytest.skip(f'needs the {name} data')
    assert_like_upstream(SHARED / name, REAL[name], tmp_path)


def test_written_files_give_the_same_numbers(shapes, tmp_path):
    ann_file, _, pngs = shapes_names()
    dataset = load(shapes, shapes_names())
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
