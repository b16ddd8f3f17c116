"""Anchors spread over the image, by hand."""

import copy
import gc
import weakref

from epsnet_mm.models.task_modules import ImageAnchorGenerator

import pytest
import torch


def generator(base_sizes, ratios):
    return ImageAnchorGenerator(
        strides=[8] * len(base_sizes),
        base_sizes=base_sizes,
        scales=[1.0],
        ratios=ratios,
    )


def centers_and_sizes(boxes):
    first, last = boxes[:, :2], boxes[:, 2:]
    return torch.cat([(first + last) / 2, last - first], dim=1)


def test_centers_divide_the_image_evenly():
    # 20 x 10 px in 2 x 2 cells, whatever the nominal stride.
    anchors = generator([4], [1.0]).image_priors([(2, 2)], (10, 20), 'cpu')

    assert anchors.tolist() == [
        [3.0, 0.5, 7.0, 4.5],
        [13.0, 0.5, 17.0, 4.5],
        [3.0, 5.5, 7.0, 9.5],
        [13.0, 5.5, 17.0, 9.5],
    ]


def test_three_shapes_in_the_order_of_the_release():
    anchors = generator([24], [1.0, 2.0, 0.5]).image_priors([(1, 1)], (64, 64), 'cpu')

    # w / h = 1, 1 / 2, 2 with the same area.
    root = 2**0.5
    expected = torch.tensor(
        [
            [32, 32, 24, 24],
            [32, 32, 24 / root, 24 * root],
            [32, 32, 24 * root, 24 / root],
        ]
    )
    torch.testing.assert_close(centers_and_sizes(anchors), expected)


def test_levels_of_the_paper():
    sizes = [(69, 69), (35, 35), (18, 18), (9, 9), (5, 5)]

    anchors = generator([24, 48, 96, 192, 384], [1.0, 2.0, 0.5]).image_priors(
        sizes, (550, 550), 'cpu'
    )

    assert len(anchors) == 3 * sum(h * w for h, w in sizes)
    first, last = centers_and_sizes(anchors)[[0, -3]].tolist()
    assert first == pytest.approx([550 / 138, 550 / 138, 24, 24], rel=1e-4)
    assert last == pytest.approx([550 * 0.9, 550 * 0.9, 384, 384], rel=1e-4)


def test_anchors_are_computed_once_for_a_size():
    anchors = generator([4], [1.0])

    first = anchors.image_priors([(2, 2)], (16, 16), 'cpu')

    assert anchors.image_priors([torch.Size((2, 2))], [16, 16], 'cpu') is first
    # A copy, as an averaged model has one, keeps its own.
    copied = copy.deepcopy(anchors).image_priors([(2, 2)], (16, 16), 'cpu')
    assert copied is not first
    assert copied.equal(first)


def test_anchors_are_freed_with_their_generator():
    anchors = generator([4], [1.0])
    kept = weakref.ref(anchors.image_priors([(2, 2)], (16, 16), 'cpu'))
    assert kept() is not None

    del anchors
    gc.collect()

    assert kept() is None


def test_another_image_size_gives_other_anchors():
    anchors = generator([4], [1.0])

    small = anchors.image_priors([(2, 2)], (16, 16), 'cpu')
    large = anchors.image_priors([(2, 2)], (32, 32), 'cpu')

    assert centers_and_sizes(small)[0].tolist() == [4, 4, 4, 4]
    assert centers_and_sizes(large)[0].tolist() == [8, 8, 4, 4]
