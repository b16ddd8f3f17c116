"""Pins our panopticapi to PQ computed by hand, through mmdet's own evaluation."""

import json
import pickle

import mmcv
import numpy as np
import pytest
import torch
from mmdet.evaluation.functional import pq_compute_single_core
from panopticapi import evaluation
from panopticapi.evaluation import OFFSET, VOID, PQStat
from panopticapi.utils import IdGenerator, id2rgb, rgb2id, save_json

CATEGORIES = {
    0: dict(id=0, name='cat', isthing=1),
    1: dict(id=1, name='dog', isthing=1),
    2: dict(id=2, name='sky', isthing=0),
}

# The original may stand in for ours; these tests are about where ours differs.
only_ours = pytest.mark.skipif(
    not hasattr(evaluation.PQStatCat, 'quality'), reason='the original panopticapi'
)


@pytest.fixture
def evaluate(tmp_path):
    """Return a function: ground truth and prediction -> PQStat.

    Each is a list of (category, first pixel, last pixel + 1[, iscrowd]) on one line
    of 100 pixels; the n-th has the id n + 1, and pixels of none are void.
    """

    def write(folder, segments):
        id_map = np.full((1, 100), VOID)
        infos = []
        for segment_id, (category, start, stop, *crowd) in enumerate(segments, 1):
            id_map[:, start:stop] = segment_id
            infos.append(
                dict(
                    id=segment_id,
                    category_id=category,
                    area=stop - start,
                    iscrowd=int(bool(crowd)),
                )
            )
        mmcv.imwrite(id2rgb(id_map)[..., ::-1], str(tmp_path / folder / '0.png'))
        return dict(image_id=0, file_name='0.png', segments_info=infos)

    def run(gt, pred):
        pair = write('gt', gt), write('pred', pred)
        return pq_compute_single_core(
            0, [pair], str(tmp_path / 'gt'), str(tmp_path / 'pred'), CATEGORIES
        )

    return run


def counts(stat, category):
    found = stat[category]
    return found.tp, found.fp, found.fn


def test_perfect_prediction(evaluate):
    segments = [(0, 0, 30), (0, 30, 50), (2, 50, 100)]
    mean, per_class = evaluate(segments, segments).pq_average(CATEGORIES)
    assert mean == dict(pq=1, sq=1, rq=1, n=2)
    assert per_class[0] == dict(pq=1, sq=1, rq=1)
    assert per_class[1] == dict(pq=0, sq=0, rq=0)


def test_iou_just_over_half_matches(evaluate):
    # Intersection 51, union 100.
    stat = evaluate([(0, 0, 100)], [(0, 0, 51)])
    assert counts(stat, 0) == (1, 0, 0)
    mean, _ = stat.pq_average(CATEGORIES)
    assert mean == dict(pq=pytest.approx(0.51), sq=pytest.approx(0.51), rq=1, n=1)


@pytest.mark.parametrize('length', [50, 49])
def test_iou_of_half_or_under_does_not_match(evaluate, length):
    stat = evaluate([(0, 0, 100)], [(0, 0, length)])
    assert counts(stat, 0) == (0, 1, 1)
    assert stat.pq_average(CATEGORIES)[0] == dict(pq=0, sq=0, rq=0, n=1)


def test_mean_over_classes(evaluate):
    # cat: 40 / 50 matched, one cat missed, one invented. sky: 40 / 50.
    gt = [(0, 0, 50), (0, 50, 60), (2, 60, 100)]
    pred = [(0, 0, 40), (0, 45, 50), (2, 50, 100)]
    mean, per_class = evaluate(gt, pred).pq_average(CATEGORIES)
    assert per_class[0] == pytest.approx(dict(pq=0.8 / 2, sq=0.8, rq=1 / 2))
    assert per_class[2] == pytest.approx(dict(pq=0.8, sq=0.8, rq=1))
    assert mean == pytest.approx(dict(pq=0.6, sq=0.8, rq=0.75, n=2))


def test_void_does_not_count_in_the_union(evaluate):
    # 40 of the predicted pixels are void in the ground truth: 60 / 60.
    stat = evaluate([(0, 0, 60)], [(0, 0, 100)])
    assert stat.pq_average(CATEGORIES)[0] == dict(pq=1, sq=1, rq=1, n=1)


def test_prediction_mostly_in_void_is_ignored(evaluate):
    # The dog has 40 of 50 pixels in the void.
    stat = evaluate([(0, 0, 60)], [(0, 0, 50), (1, 50, 100)])
    assert counts(stat, 1) == (0, 0, 0)
    # Exactly half is not "mostly".
    stat = evaluate([(0, 0, 60)], [(0, 0, 50), (1, 50, 70)])
    assert counts(stat, 1) == (0, 1, 0)


def test_crowd_is_no_target_and_forgives_its_class(evaluate):
    gt = [(0, 0, 60, 'crowd'), (2, 60, 100)]
    stat = evaluate(gt, [(0, 0, 60), (2, 60, 100)])
    assert counts(stat, 0) == (0, 0, 0)
    assert stat.pq_average(CATEGORIES)[0] == dict(pq=1, sq=1, rq=1, n=1)
    # A dog on the crowd of cats is a false positive.
    assert counts(evaluate(gt, [(1, 0, 60), (2, 60, 100)]), 1) == (0, 1, 0)


def test_class_without_ground_truth_counts_if_predicted(evaluate):
    mean, per_class = evaluate(
        [(2, 0, 80), (0, 80, 100)], [(2, 0, 80), (1, 80, 100)]
    ).pq_average(CATEGORIES)
    assert per_class[1] == dict(pq=0, sq=0, rq=0)
    # cat (missed), dog (invented), sky (perfect).
    assert mean == pytest.approx(dict(pq=1 / 3, sq=1 / 3, rq=1 / 3, n=3))


def test_things_and_stuff(evaluate):
    stat = evaluate([(0, 0, 50), (2, 50, 100)], [(0, 0, 40), (2, 50, 100)])
    things, per_thing = stat.pq_average(CATEGORIES, isthing=True)
    stuff, per_stuff = stat.pq_average(CATEGORIES, isthing=False)
    assert things == pytest.approx(dict(pq=0.8, sq=0.8, rq=1, n=1))
    assert stuff == dict(pq=1, sq=1, rq=1, n=1)
    assert (list(per_thing), list(per_stuff)) == ([0, 1], [2])


def test_counts_add_up_across_processes():
    total, part = PQStat(), PQStat()
    part[0].tp, part[0].iou, part[2].fn = 3, 2.5, 1
    total[0].fp = 2
    total += pickle.loads(pickle.dumps(part))
    total += part
    assert counts(total, 0) == (6, 2, 0)
    assert total[0].iou == 5.0
    assert counts(total, 2) == (0, 0, 2)


@only_ours
def test_average_over_no_class_is_zero():
    assert PQStat().pq_average(CATEGORIES)[0] == dict(pq=0, sq=0, rq=0, n=0)


def test_agrees_with_torchmetrics(evaluate):
    """Without crowds, void and empty classes, the two definitions agree."""
    torchmetrics = pytest.importorskip('torchmetrics.detection')
    gt = [(0, 0, 20), (0, 20, 33), (1, 33, 51), (2, 51, 100)]
    pred = [(0, 0, 17), (0, 17, 27), (1, 27, 49), (0, 49, 60), (2, 60, 100)]

    def as_map(segments):
        result = torch.zeros(1, 1, 100, 2, dtype=torch.long)
        for instance, (category, start, stop) in enumerate(segments):
            result[:, :, start:stop] = torch.tensor([category, instance])
        return result

    theirs = torchmetrics.PanopticQuality(
        things={0, 1}, stuffs={2}, return_sq_and_rq=True
    )
    theirs.update(as_map(pred), as_map(gt))
    mean, _ = evaluate(gt, pred).pq_average(CATEGORIES)
    assert theirs.compute().tolist() == pytest.approx(
        [mean['pq'], mean['sq'], mean['rq']]
    )
    assert 0 < mean['pq'] < 1


def test_id_and_colour():
    assert OFFSET == 256**3
    assert rgb2id([1, 2, 3]) == 1 + 2 * 256 + 3 * 65536
    assert id2rgb(197121) == [1, 2, 3]
    ids = np.array([[0, 255, 256], [65535, 65536, OFFSET - 1]])
    rgb = id2rgb(ids)
    assert rgb.dtype == np.uint8
    assert rgb.shape == (2, 3, 3)
    assert rgb[0, 2].tolist() == [0, 1, 0]
    assert (rgb2id(rgb) == ids).all()


@only_ours
@pytest.mark.parametrize('bad', [-1, OFFSET])
def test_id_that_no_colour_can_hold(bad):
    with pytest.raises(ValueError, match='number the segments anew'):
        id2rgb(np.array([[1, bad]]))


def test_id_generator():
    categories = {
        1: dict(isthing=1, color=[250, 0, 10]),
        2: dict(isthing=0, color=[250, 0, 11]),
    }
    generator = IdGenerator(categories)
    # Stuff has its own colour, each time.
    assert generator.get_id_and_color(2) == (rgb2id([250, 0, 11]), [250, 0, 11])
    assert generator.get_color(2) == [250, 0, 11]
    ids = {generator.get_id(1) for _ in range(500)}
    assert len(ids) == 500
    assert not ids & {VOID, rgb2id([250, 0, 11])}
    assert all(0 <= channel <= 255 for value in ids for channel in id2rgb(value))


def test_save_json(tmp_path):
    save_json(dict(images=[1]), str(tmp_path / 'a.json'))
    assert json.loads((tmp_path / 'a.json').read_text()) == dict(images=[1])
