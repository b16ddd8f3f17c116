from epsnet_mm.analysis.pq_errors.confusion import add_pixels, segment_confusion
from epsnet_mm.evaluation.pq_counting import count_listed_intersections
from tests.analysis.pq_errors.line_terms import (
    CATEGORY_OF,
    LENGTH,
    as_map,
    terms_of_line,
)
from tests.evaluation.pq_cases import CAT, DOG, SEA, SKY

import numpy as np

# Of 100 pixels: a cat called a dog, half of a crowd of cats, void, and the sky.
LINE = (
    [(CAT, 0, 20), (CAT, 20, 40, 'crowd'), (SKY, 50, 100)],
    [(DOG, 0, 30), (SEA, 48, 55), (SKY, 55, 100)],
)


def test_pixels():
    pixels = np.zeros((5, 5), int)
    (gt_ids, gt), (pred_ids, pred) = map(as_map, LINE)
    ids = [[x['id'] for x in segments] for segments in (gt, pred)]
    table = count_listed_intersections(gt_ids, ids[0], pred_ids, ids[1], ('a', 'b'))
    for _ in range(2):
        add_pixels(pixels, table, gt, pred, list(CATEGORY_OF))
    # Order: cat, dog, sky, sea, void.
    assert (pixels // 2).tolist() == [
        [0, 20, 0, 0, 0],
        [0, 0, 0, 0, 0],
        [0, 0, 45, 5, 0],
        [0, 0, 0, 0, 0],
        [0, 10, 0, 2, 18],
    ]
    assert pixels.sum() == 2 * LENGTH


def test_segments():
    # The cat is called a dog at an IoU of 20 / 30; the sea is spurious.
    assert segment_confusion(terms_of_line(LINE), 4).tolist() == [
        [0, 1, 0, 0, 0],
        [0, 0, 0, 0, 0],
        [0, 0, 1, 0, 0],
        [0, 0, 0, 0, 0],
        [0, 0, 0, 1, 0],
    ]


def test_misses_are_in_the_last_column():
    confusion = segment_confusion(terms_of_line(([(DOG, 0, 20), (SKY, 20, 30)], [])), 4)
    assert confusion[:, 4].tolist() == [0, 1, 1, 0, 0]
    assert confusion.sum() == 2
