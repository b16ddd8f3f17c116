from epsnet_mm.datasets.synthetic.shapes_drawing import (
    MIN_VISIBLE,
    THING_COLORS,
    UNLABELLED,
    Scene,
    draw_background,
    draw_scene,
    draw_things,
    shape_mask,
)

import numpy as np
import pytest


def scenes(count: int) -> list:
    return [draw_scene(64, np.random.default_rng([3, i])) for i in range(count)]


def test_later_segments_cover_earlier_ones():
    scene = Scene(np.zeros((2, 2, 3)), np.full((2, 2), UNLABELLED))
    scene.add('grass', False, np.array([[1, 1], [1, 0]], bool))
    scene.add('circle', True, np.array([[0, 1], [0, 0]], bool))
    assert scene.segment_map.tolist() == [[0, 1], [0, UNLABELLED]]
    assert scene.segments == [('grass', False), ('circle', True)]


@pytest.mark.parametrize(
    ('name', 'fraction'),
    [
        ('circle', np.pi),
        ('square', 2.0),
        ('triangle', 3**1.5 / 4),
        ('star', 2.5 * np.sin(np.pi / 5)),
    ],
)
def test_shape_area(name, fraction):
    # Areas of the polygons of circumradius 1; the star's inner radius is 0.5.
    mask = shape_mask(name, 200, (100, 100), 80, 0.3)
    assert mask.sum() == pytest.approx(fraction * 80**2, rel=0.03)


def test_scenes_have_all_kinds():
    kinds = set()
    for scene in scenes(150):
        shown = [
            scene.segments[i] for i in np.unique(scene.segment_map) if i != UNLABELLED
        ]
        things = [crowd for name, crowd in shown if name in THING_COLORS]
        kinds.add((len(things) < len(shown), False in things, True in things))
        assert len({name for name, _ in shown} - set(THING_COLORS)) == len(shown) - len(
            things
        )
    # (labelled stuff, objects, crowd)
    assert {
        (True, True, True),
        (True, True, False),
        (True, False, True),
        (True, False, False),
        (False, True, False),
    } <= kinds


def test_unlabelled_background_has_no_segment():
    scene = draw_background(40, np.random.default_rng(0), labelled=False)
    assert scene.segments == []
    assert (scene.segment_map == UNLABELLED).all()


def test_objects_leave_each_other_visible():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        scene = draw_background(64, rng, labelled=False)
        draw_things(scene, 8, rng)
        shown = np.bincount(
            scene.segment_map[scene.segment_map != UNLABELLED],
            minlength=len(scene.segments),
        )
        # Half the smallest diameter is cut at most by the image's border.
        assert shown.min() > MIN_VISIBLE * 0.1 * 0.2 * 64
