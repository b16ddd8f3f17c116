import json
import pickle
from pathlib import Path

import epsnet_mm.evaluation.epsnet_panoptic_metric as panoptic_metric
from epsnet_mm.evaluation import EPSNetPanopticMetric

import cv2
import numpy as np
import pytest
import torch
from mmengine.logging import MMLogger

VOID = 255


# Things and stuff alternate: labels are 0 (id 8), 1 (id 2), 2 (id 5).
MIXED = [
    dict(id=5, name='grass', isthing=0),
    dict(id=8, name='car', isthing=1),
    dict(id=2, name='person', isthing=1),
]
# One row: grass on 4 pixels, a car on 4, a person on 2, unlabelled on 2.
ROW = [11] * 4 + [12] * 4 + [13] * 2 + [0] * 2
PERFECT = [2] * 4 + [1000] * 4 + [2001] * 2 + [3] * 2


@pytest.fixture
def mixed(tmp_path) -> Path:
    (tmp_path / 'img').mkdir()
    (tmp_path / 'seg').mkdir()
    (tmp_path / 'img/a.jpeg').touch()
    ids = np.array([ROW], np.uint8)
    bgr = np.stack([ids * 0, ids * 0, ids], axis=-1)
    cv2.imwrite(str(tmp_path / 'seg/a.png'), bgr)
    segments = [
        dict(id=i, category_id=category, area=area, bbox=box, iscrowd=0)
        for i, category, area, box in (
            (11, 5, 4, [0, 0, 4, 1]),
            (12, 8, 4, [4, 0, 4, 1]),
            (13, 2, 2, [8, 0, 2, 1]),
        )
    ]
    content = dict(
        categories=MIXED,
        images=[dict(id=1, file_name='a.jpeg', height=1, width=12)],
        annotations=[dict(image_id=1, file_name='a.png', segments_info=segments)],
    )
    (tmp_path / 'panoptic.json').write_text(json.dumps(content))
    return tmp_path


def mixed_metric(root: Path, **kwargs) -> EPSNetPanopticMetric:
    metric = EPSNetPanopticMetric(
        ann_file=str(root / 'panoptic.json'), seg_prefix=str(root / 'seg'), **kwargs
    )
    metric.dataset_meta = dict(
        classes=('car', 'person', 'grass'),
        thing_classes=('car', 'person'),
        stuff_classes=('grass',),
    )
    return metric


def sample(row: list, img_id: int = 1) -> dict:
    return dict(
        img_id=img_id,
        img_path='img/a.jpeg',
        ori_shape=(1, len(row)),
        pred_panoptic_seg=dict(sem_seg=torch.tensor([[row]])),
    )


def test_mixed_categories(mixed):
    metric = mixed_metric(mixed)
    # Half the car is missed: IoU 2 / 4 doesn't match.
    row = [2] * 4 + [1000] * 2 + [3] * 2 + [2001] * 2 + [3] * 2
    metric.process({}, [sample(row)])
    figures = metric.evaluate(1)
    assert figures['coco_panoptic/PQ'] == pytest.approx(200 / 3)
    assert figures['coco_panoptic/PQ_th'] == pytest.approx(50)
    assert figures['coco_panoptic/PQ_st'] == pytest.approx(100)


def without_things(root: Path) -> None:
    """Leave the grass alone in the annotations of `mixed`."""
    content = json.loads((root / 'panoptic.json').read_text())
    del content['annotations'][0]['segments_info'][1:]
    (root / 'panoptic.json').write_text(json.dumps(content))
    ids = np.array([[11] * 4 + [0] * 8], np.uint8)
    cv2.imwrite(str(root / 'seg/a.png'), np.stack([ids * 0, ids * 0, ids], axis=-1))


def test_dataset_without_things(mixed):
    without_things(mixed)
    metric = mixed_metric(mixed, classwise=True)
    metric.process({}, [sample([2] * 4 + [3] * 8)])
    figures = metric.evaluate(1)
    assert figures['coco_panoptic/PQ'] == figures['coco_panoptic/PQ_st'] == 100
    assert figures['coco_panoptic/PQ_th'] == figures['coco_panoptic/RQ_th'] == 0


def test_classwise_rows_have_the_right_names_the_worst_first(mixed):
    metric = mixed_metric(mixed, classwise=True)
    # The car is taken for a person; half of it is void.
    metric.process({}, [sample([2] * 4 + [1] * 4 + [2001] * 2 + [3] * 2)])
    metric.evaluate(1)
    rows = metric.class_errors.rows
    assert [(row['name'], row['pq']) for row in rows] == [
        ('car', 0.0),
        ('person', pytest.approx(100 * 2 / 3)),
        ('grass', 100.0),
    ]
    assert next(iter(rows[0]['lost'].items())) == (
        'wrong class, thing for thing',
        100.0,
    )
    lines = metric.class_errors.table().splitlines()[3:-1]
    assert [line.split()[1] for line in lines] == ['car', 'person', 'grass']
    assert 'wrong class, thing for thing 100.0' in lines[0]
    assert sum(metric.class_errors.lost.values()) == pytest.approx(100 / 3 + 100 / 9)


def test_classes_are_in_the_log(mixed, caplog):
    metric = mixed_metric(mixed, classwise=True)
    metric.process({}, [sample(PERFECT)])
    metric.results = pickle.loads(pickle.dumps(metric.results))
    logger = MMLogger.get_current_instance()
    logger.addHandler(caplog.handler)
    metric.evaluate(1)
    logger.removeHandler(caplog.handler)
    assert 'Classes, the worst first:' in caplog.text
    assert '| grass ' in caplog.text


def test_predictions_stay_as_they_were(mixed):
    for kwargs in ({}, dict(outfile_prefix=str(mixed / 'out/x'))):
        prediction = sample(PERFECT)
        mixed_metric(mixed, **kwargs).process({}, [prediction])
        assert prediction['pred_panoptic_seg']['sem_seg'].tolist() == [[PERFECT]]


def test_results_can_be_sent_between_processes(mixed):
    metric = mixed_metric(mixed)
    metric.process({}, [sample(PERFECT)])
    metric.results = pickle.loads(pickle.dumps(metric.results))
    assert metric.evaluate(1)['coco_panoptic/PQ'] == 100


def test_ignore_index_is_void(mixed):
    metric = mixed_metric(mixed)
    prediction = sample([VOID if v == 3 else v for v in PERFECT])
    prediction['pred_panoptic_seg']['ignore_index'] = VOID
    metric.process({}, [prediction])
    assert metric.evaluate(1)['coco_panoptic/PQ'] == 100


def test_outfile_prefix_writes_and_evaluates(mixed):
    prefix = str(mixed / 'out/x')
    metric = mixed_metric(mixed, outfile_prefix=prefix, nproc=1)
    metric.process({}, [sample(PERFECT)])
    assert metric.evaluate(1)['coco_panoptic/PQ'] == 100
    # Masks must not be stored as lossy JPEG, whatever the image is.
    assert [p.name for p in (mixed / 'out/x.panoptic').iterdir()] == ['a.png']


def test_files_without_things_are_written_and_not_evaluated(mixed):
    """Upstream's evaluation of files divides by zero; ours says what to do."""
    without_things(mixed)
    metric = mixed_metric(mixed, outfile_prefix=str(mixed / 'out/x'), nproc=1)
    metric.process({}, [sample([2] * 4 + [3] * 8)])
    with pytest.raises(ValueError, match='remove `outfile_prefix`'):
        metric.evaluate(1)
    assert (mixed / 'out/x.panoptic.json').is_file()


@pytest.mark.parametrize('absent', [(), ('isthing',)])
def test_format_only_needs_no_ground_truth(mixed, absent):
    content = json.loads((mixed / 'panoptic.json').read_text())
    del content['annotations']
    content['categories'] = [
        {key: value for key, value in category.items() if key not in absent}
        for category in content['categories']
    ]
    (mixed / 'panoptic.json').write_text(json.dumps(content))
    prefix = str(mixed / 'out/x')
    metric = mixed_metric(mixed, outfile_prefix=prefix, format_only=True)
    metric.process({}, [sample(PERFECT)])
    assert metric.evaluate(1) == {}
    written = json.loads(Path(f'{prefix}.panoptic.json').read_text(encoding='utf-8'))
    (annotation,) = written['annotations']
    assert annotation['file_name'] == 'a.png'
    assert [
        (s['category_id'], s['area'], s['isthing']) for s in annotation['segments_info']
    ] == [(5, 4, 0), (8, 4, 1), (2, 2, 1)]


@pytest.mark.parametrize(
    ('row', 'message'),
    [
        (PERFECT[:-1], 'size 11 x 1, its ground truth .*a.png 12 x 1'),
        ([4] * 12, 'label 4, but .*panoptic.json has 3 classes'),
    ],
)
def test_predictions_that_do_not_fit(mixed, row, message):
    with pytest.raises(ValueError, match=message):
        mixed_metric(mixed).process({}, [sample(row)])


def test_unknown_label_is_not_written(mixed):
    metric = mixed_metric(mixed, outfile_prefix=str(mixed / 'out/x'))
    with pytest.raises(ValueError, match=r'label 4, but .*panoptic.json has 3 classes'):
        metric.process({}, [sample([4] * 12)])
    assert not (mixed / 'out').exists()


def test_ground_truth_that_does_not_fit(mixed):
    with pytest.raises(ValueError, match='image id 2 is not in'):
        mixed_metric(mixed).process({}, [sample(PERFECT, img_id=2)])
    metric = mixed_metric(mixed)
    metric.dataset_meta = dict(classes=('car', 'dog', 'grass'))
    with pytest.raises(ValueError, match=r"differ, e.g. in \['dog'"):
        metric.process({}, [sample(PERFECT)])


def test_bad_arguments(mixed, monkeypatch):
    ann_file, pngs = str(mixed / 'panoptic.json'), str(mixed / 'seg')
    with pytest.raises(FileNotFoundError, match=r'none.json does not exist'):
        EPSNetPanopticMetric(str(mixed / 'none.json'), pngs)
    with pytest.raises(FileNotFoundError, match='none with the segmentation'):
        EPSNetPanopticMetric(ann_file, str(mixed / 'none'))
    with pytest.raises(ValueError, match='needs `seg_prefix`'):
        EPSNetPanopticMetric(ann_file)
    with pytest.raises(ValueError, match='needs `outfile_prefix`'):
        EPSNetPanopticMetric(ann_file, format_only=True)
    monkeypatch.setattr(panoptic_metric, 'PQStat', None)
    with pytest.raises(ImportError, match=r'pip install --no-deps panopticapi-lite'):
        EPSNetPanopticMetric(ann_file, pngs)


def test_wrong_segments_are_found_at_the_start(mixed):
    content = json.loads((mixed / 'panoptic.json').read_text())
    content['annotations'][0]['segments_info'][1]['iscrowd'] = '0'
    (mixed / 'panoptic.json').write_text(json.dumps(content))
    with pytest.raises(ValueError, match=r"segments_info\[1\].iscrowd is '0'"):
        mixed_metric(mixed)


def test_missing_png_is_named(mixed):
    (mixed / 'seg/a.png').unlink()
    metric = mixed_metric(mixed)
    with pytest.raises(FileNotFoundError, match=r'segmentation PNG .*a.png does not'):
        metric.process({}, [sample(PERFECT)])


def test_process_without_an_image_sums_up_those_of_others(mixed):
    busy, idle = mixed_metric(mixed), mixed_metric(mixed)
    busy.process({}, [sample(PERFECT)])
    assert idle.compute_metrics(busy.results)['PQ'] == 100


@pytest.mark.parametrize(
    ('labels', 'scores'), [([0, 1], {1: None, 2: 0.75, 3: 0.5}), ([1, 1], {})]
)
def test_things_are_written_with_their_scores(mixed, labels, scores):
    """Not those of a map that contradicts its detections."""
    metric = mixed_metric(mixed, format_only=True, outfile_prefix=str(mixed / 'out/x'))
    prediction = sample(PERFECT)
    prediction['pred_instances'] = dict(
        labels=torch.tensor(labels), scores=torch.tensor([0.75, 0.5])
    )
    metric.process({}, [prediction])
    metric.evaluate(1)
    content = json.loads((mixed / 'out/x.panoptic.json').read_text())
    segments = content['annotations'][0]['segments_info']
    assert len(segments) == 3
    for segment in segments:
        assert segment.get('score') == scores.get(segment['id'])
