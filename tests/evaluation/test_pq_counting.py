from collections import defaultdict
from types import SimpleNamespace

from epsnet_mm.evaluation.pq_counting import (
    accumulate_pq,
    average_pq,
    count_intersections,
    count_listed_intersections,
    match_segments,
)

import numpy as np
import pytest
from panopticapi.evaluation import PQStat


def new_stat() -> dict:
    return defaultdict(lambda: SimpleNamespace(tp=0, fp=0, fn=0, iou=0.0))


def segment(segment_id, category_id, iscrowd=0) -> dict:
    return dict(id=segment_id, category_id=category_id, iscrowd=iscrowd)


def test_count_intersections():
    gt = np.array([[0, 9, 9], [4, 4, 9]])
    # Labels 2 and 5 are void here; 1002 is label 2 too.
    pan = np.array([[3, 3, 1003], [2, 1002, 5]])
    table, labels = count_intersections(gt, [9, 4], pan, [2, 5], 'x.png')
    assert labels == [3, 3]
    # Rows: void, 9, 4. Columns: void, 3, 1003.
    assert table.tolist() == [[0, 1, 0], [1, 1, 1], [2, 0, 0]]


def test_unknown_ground_truth_id():
    with pytest.raises(ValueError, match=r'x.png .* id 4, which'):
        count_intersections(np.array([[9, 4]]), [9], np.array([[0, 0]]), [7], 'x.png')


@pytest.mark.parametrize(
    ('common', 'counts'),
    [
        # Of 10 + 10 pixels: IoU 6 / 14 misses, 7 / 13 matches.
        (6, (0, 1, 1, 0.0)),
        (7, (1, 0, 0, 7 / 13)),
    ],
)
def test_iou_just_under_and_over_a_half(common, counts):
    table = np.array([[0, 0], [10 - common, common]])
    stat = new_stat()
    table[0, 0] = 100
    # The rest of the prediction lies on a second segment of another category.
    table = np.vstack([table, [0, 10 - common]])
    accumulate_pq(stat, table, [segment(1, 5), segment(2, 6)], [5])
    found = stat[5]
    assert (found.tp, found.fp, found.fn, found.iou) == counts
    assert stat[6].fn == 1


def test_exactly_a_half_is_no_match():
    stat = new_stat()
    accumulate_pq(stat, np.array([[0, 0], [5, 5]]), [segment(1, 5)], [5])
    assert (stat[5].tp, stat[5].fp, stat[5].fn) == (0, 1, 1)


def test_void_pixels_leave_the_union():
    # 6 common; prediction has 4 more, on void: IoU 6 / 10, not 6 / 14.
    stat = new_stat()
    accumulate_pq(stat, np.array([[0, 4], [4, 6]]), [segment(1, 5)], [5])
    assert (stat[5].tp, stat[5].iou) == (1, 0.6)


@pytest.mark.parametrize(('on_void', 'fp'), [(5, 1), (6, 0)])
def test_predictions_mostly_on_void_are_excused(on_void, fp):
    stat = new_stat()
    table = np.array([[0, on_void], [0, 10 - on_void]])
    accumulate_pq(stat, table, [segment(1, 6)], [5])
    assert stat[5].fp == fp


@pytest.mark.parametrize(('category', 'fp'), [(5, 0), (6, 1)])
def test_predictions_on_a_crowd_of_their_category_are_excused(category, fp):
    stat = new_stat()
    table = np.array([[0, 2], [0, 8]])
    accumulate_pq(stat, table, [segment(1, 5, iscrowd=1)], [category])
    assert stat[category].fp == fp
    # Neither found nor missed.
    assert (stat[5].tp, stat[5].fn) == (0, 0)


def test_count_listed_intersections():
    gt = np.array([[0, 9, 9], [4, 4, 9]])
    pred = np.array([[7, 7, 300], [0, 300, 300]])
    table = count_listed_intersections(gt, [9, 4], pred, [300, 7], ('a.png', 'b.png'))
    # Rows: void, 9, 4. Columns: void, 300, 7.
    assert table.tolist() == [[0, 0, 1], [0, 2, 1], [1, 1, 0]]
    with pytest.raises(ValueError, match=r'b.png .* id 300, which'):
        count_listed_intersections(gt, [9, 4], pred, [7], ('a.png', 'b.png'))


def test_match_segments():
    # Void, a crowd of 5, and two objects; the first prediction is on the crowd.
    table = np.array([[9, 0, 0, 0], [0, 6, 0, 0], [2, 0, 4, 0], [0, 4, 0, 5]])
    gt = [segment(3, 5, iscrowd=1), segment(2, 5), segment(1, 6)]
    found = match_segments(table, gt, [5, 5, 5])
    assert found.matches.tolist() == [[1, 1]]
    assert found.missed.tolist() == [2]
    assert found.false_positives.tolist() == [2]
    assert found.ious[1].tolist() == [0, 4 / 6, 0]
    # A match that is not good enough by another measure is none.
    limited = match_segments(table, gt, [5, 5, 5], iou_limits=np.full((3, 3), 0.5))
    assert limited.matches.tolist() == []
    assert limited.missed.tolist() == [1, 2]
    assert limited.false_positives.tolist() == [1, 2]
    assert limited.ious.max() == 0.5


def test_matches_are_sorted_by_ground_truth_id():
    table = np.array([[0, 0, 0], [0, 5, 0], [0, 0, 5]])
    found = match_segments(table, [segment(8, 5), segment(3, 5)], [5, 5])
    assert found.matches.tolist() == [[1, 1], [0, 0]]


def test_image_without_segments():
    stat = new_stat()
    accumulate_pq(stat, np.array([[20, 4]]), [], [3])
    accumulate_pq(stat, np.array([[24]]), [], [])
    assert all(value.tp == value.fn == 0 for value in stat.values())


CATEGORIES = {3: dict(isthing=1), 5: dict(isthing=0), 4: dict(isthing=1)}


def test_average_over_the_categories_that_occur():
    stat = PQStat()
    stat[3].tp, stat[3].iou, stat[3].fn = 2, 1.5, 1
    stat[5].fp = 1
    averages = average_pq(stat, CATEGORIES)
    assert averages['Things'] == dict(pq=0.6, sq=0.75, rq=0.8, n=1)
    assert averages['Stuff'] == dict(pq=0, sq=0, rq=0, n=1)
    assert averages['All'] == dict(pq=0.3, sq=0.375, rq=0.4, n=2)
    assert averages['classwise'] == {
        3: dict(pq=0.6, sq=0.75, rq=0.8),
        5: dict(pq=0, sq=0, rq=0),
        4: dict(pq=0, sq=0, rq=0),
    }


def test_average_over_no_category_is_zero():
    stat = PQStat()
    averages = average_pq(stat, CATEGORIES)
    assert averages['All'] == averages['Stuff'] == dict(pq=0, sq=0, rq=0, n=0)
    assert list(averages['classwise']) == [3, 5, 4]
    stat[5].tp, stat[5].iou = 1, 1.0
    averages = average_pq(stat, CATEGORIES)
    assert averages['Things'] == dict(pq=0, sq=0, rq=0, n=0)
    assert averages['All'] == averages['Stuff'] == dict(pq=1, sq=1, rq=1, n=1)
