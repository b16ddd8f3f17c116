"""Each oracle on an image by hand."""

from epsnet_mm.analysis.oracles import replacements
from epsnet_mm.analysis.oracles.replacements import ORACLES
from tests.analysis.oracles.scenes import drawn, parts_of, truth_of

import pytest

TRUTH = truth_of('aaaabbb.cc', dict(a=0, b=1, c=0))
ROWS = [
    ('xxx.......', 1),  # a, of the wrong class
    ('....xx....', 1),  # b
    ('...xxxxx..', 1),  # b again
    ('.......x..', 0),  # nothing
]
PARTS = parts_of(ROWS, TRUTH)


def test_detections_have_objects():
    assert PARTS.objects.tolist() == [0, 1, 1, -1]


def test_true_classes():
    better = replacements.true_classes(PARTS, TRUTH)
    assert drawn(better) == [(ROWS[0][0], 0), *ROWS[1:]]
    assert drawn(PARTS) == ROWS


def test_true_boxes():
    better = replacements.true_boxes(PARTS, TRUTH)
    assert [text for text, _ in drawn(better)] == [
        'xxxx......',
        '....xxx...',
        '....xxx...',
        '.......x..',
    ]
    assert better.boxes[:3, 2].tolist() == [4, 7, 7]


def test_true_masks():
    better = replacements.with_true_masks(PARTS, TRUTH)
    assert drawn(better) == [
        ('xxxx......', 1),
        ('....xxx...', 1),
        ('....xxx...', 1),
        ('.......x..', 0),
    ]
    assert drawn(PARTS) == ROWS


def test_best_order():
    better = replacements.best_order(PARTS, TRUTH)
    # IoU with an object of the class: 0, 2 / 3, 3 / 5 and 0.
    assert drawn(better) == [ROWS[1], ROWS[2], ROWS[0], ROWS[3]]


def test_without_false():
    assert drawn(replacements.without_false(PARTS, TRUTH)) == ROWS[:2]


def test_of_the_detections_of_an_object_the_right_class_stays():
    rows = [('xxxx......', 1), ('.xxx......', 0), ('xxx.......', 0)]
    parts = parts_of(rows, TRUTH)
    assert parts.objects.tolist() == [0, 0, 0]
    assert drawn(replacements.without_false(parts, TRUTH)) == [rows[1]]


def test_with_missed():
    better = replacements.with_missed(PARTS, TRUTH)
    assert drawn(better) == [*ROWS, ('........xx', 0)]
    assert better.objects.tolist() == [0, 1, 1, -1, 2]


def test_true_instances_and_semantic_map():
    objects = [('xxxx......', 0), ('....xxx...', 1), ('........xx', 0)]
    assert drawn(replacements.true_instances(PARTS, TRUTH)) == objects
    assert replacements.true_semantic_map(PARTS, TRUTH).logits is None
    both = replacements.all_true(PARTS, TRUTH)
    assert drawn(both) == objects
    assert both.logits is None


@pytest.mark.parametrize('name', ORACLES)
def test_without_detections_or_objects(name):
    """Each oracle takes an empty side."""
    nothing = truth_of('..........', {})
    assert len(ORACLES[name](parts_of([], TRUTH), TRUTH).labels) in (0, 3)
    left = ORACLES[name](parts_of(ROWS, nothing), nothing)
    assert len(left.labels) in (0, len(ROWS))
    assert len(ORACLES[name](parts_of([], nothing), nothing).labels) == 0
