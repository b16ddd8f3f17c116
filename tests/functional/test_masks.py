"""Masks, by hand and against loops and the whole stack at image size."""

from epsnet_mm.functional import (
    BilinearAxis,
    InstanceMasks,
    assemble_instance_masks,
    box_crop_mask,
    linear_combination,
    prototype_windows,
)

import pytest
import torch
import torch.nn.functional as F

H, W = 17, 21  # of the prototypes
BOXES = torch.tensor(
    [
        [3.2, 4.1, 9.7, 11.3],  # inside
        [-4.0, -3.0, 5.5, 6.5],  # over the top left corner
        [15.0, 12.0, 40.0, 30.0],  # over the bottom right corner
        [-9.0, -9.0, 60.0, 60.0],  # the whole map
        [-20.0, 2.0, -10.0, 9.0],  # outside, to the left
        [3.0, 40.0, 9.0, 50.0],  # outside, below
        [7.3, 7.3, 7.3, 7.3],  # a point: only the padding is left
        [8.0, 2.0, 8.01, 15.0],  # a line
        [12.0, 9.0, 5.0, 3.0],  # swapped corners
        [0.0, 0.0, 1.0, 1.0],  # smaller than a pixel of the input
    ]
)


CPU = torch.device('cpu')


def test_combination_by_hand():
    prototypes = torch.tensor([[[1.0, 2.0]], [[3.0, 5.0]]])
    coeffs = torch.tensor([[1.0, -1.0], [0.5, 0.0]])

    logits = linear_combination(prototypes, coeffs)

    assert logits.tolist() == [[[-2.0, -3.0]], [[0.5, 1.0]]]


def test_combination_of_a_batch():
    generator = torch.Generator().manual_seed(0)
    prototypes = torch.randn(3, 4, 5, 6, generator=generator)
    coeffs = torch.randn(3, 2, 4, generator=generator)

    logits = linear_combination(prototypes, coeffs)

    assert logits.shape == (3, 2, 5, 6)
    for n in range(3):
        for d in range(2):
            expected = sum(coeffs[n, d, k] * prototypes[n, k] for k in range(4))
            torch.testing.assert_close(logits[n, d], expected)


def test_combination_without_detections():
    assert linear_combination(torch.rand(2, 3, 4), torch.rand(0, 2)).shape == (0, 3, 4)


def kept(low, high, size):
    low, high = min(low, high), max(low, high)
    return [i for i in range(size) if low - 1 <= i < high + 1]


def random_boxes(count, h, w, seed):
    """Boxes inside, across and outside the map, some with swapped corners."""
    generator = torch.Generator().manual_seed(seed)
    scale = torch.tensor([w, h, w, h]) * 1.6
    return (torch.rand(count, 4, generator=generator) - 0.2) * scale


@pytest.mark.parametrize(
    ('box', 'window'),
    [
        ((2.0, 1.5, 4.0, 3.0), (1, 1, 5, 4)),  # x: 1 <= i < 5; y: 0.5 <= i < 4
        ((2.4, 0.0, 2.4, 6.0), (2, 0, 4, 6)),  # x: 1.4 <= i < 3.4, no width needed
        ((4.0, 3.0, 2.0, 1.5), (1, 1, 5, 4)),  # swapped corners
        ((-9.0, -9.0, 99.0, 99.0), (0, 0, 8, 6)),  # larger than the map
    ],
)
def test_windows_by_hand(box, window):
    assert prototype_windows(torch.tensor([box]), (6, 8)).tolist() == [list(window)]


def test_window_outside_the_map_is_empty():
    windows = prototype_windows(
        torch.tensor([[-5.0, 0.0, -3.0, 6.0], [20.0, 0.0, 22.0, 6.0]]), (6, 8)
    )

    assert (windows[:, 2] <= windows[:, 0]).all()


def test_windows_and_crop_masks_follow_the_rule_of_each_pixel():
    h, w = 7, 9
    boxes = random_boxes(200, h, w, seed=0)
    boxes[:40] = boxes[:40].round()  # whole edges are where < and <= differ

    windows = prototype_windows(boxes, (h, w))
    masks = box_crop_mask(boxes, (h, w))

    for box, (x0, y0, x1, y1), mask in zip(
        boxes.tolist(), windows.tolist(), masks, strict=True
    ):
        columns, rows = kept(box[0], box[2], w), kept(box[1], box[3], h)
        assert list(range(x0, x1)) == columns
        assert list(range(y0, y1)) == rows
        expected = torch.zeros(h, w, dtype=torch.bool)
        for y in rows:
            expected[y, columns] = True
        assert mask.equal(expected)


def test_no_windows():
    assert prototype_windows(torch.zeros(0, 4), (6, 8)).shape == (0, 4)
    assert box_crop_mask(torch.zeros(0, 4), (6, 8)).shape == (0, 6, 8)


def assemble(prototypes, coeffs, boxes, size, scales=None, threshold=0.5):
    """`assemble_instance_masks`; without scales the image fills the prototypes."""
    source = prototypes.shape[1:]
    scales = scales or [a / b for a, b in zip(source, size, strict=True)]
    axes = [BilinearAxis(*x, CPU) for x in zip(source, size, scales, strict=True)]
    return assemble_instance_masks(prototypes, coeffs, boxes, *axes, threshold)


def scene(seed, boxes=BOXES):
    """Random prototypes and coefficients, with logits of either sign."""
    generator = torch.Generator().manual_seed(seed)
    prototypes = torch.randn(6, H, W, generator=generator)
    return prototypes, torch.randn(len(boxes), 6, generator=generator).tanh()


def dense_probs(prototypes, coeffs, boxes, size):
    """(D, H, W): all steps at full size, as the release describes them."""
    probs = torch.zeros(len(boxes), H, W)
    for d, (x1, y1, x2, y2) in enumerate(boxes.tolist()):
        x1, x2, y1, y2 = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
        for y in range(H):
            for x in range(W):
                if x1 - 1 <= x < x2 + 1 and y1 - 1 <= y < y2 + 1:
                    probs[d, y, x] = (prototypes[:, y, x] * coeffs[d]).sum().sigmoid()
    return F.interpolate(probs[None], size, mode='bilinear', align_corners=False)[0]


def assert_same_masks(found, probs, threshold=0.5):
    """Equal, except where rounding decides."""
    decided = (probs - threshold).abs() > 1e-5
    assert decided.float().mean() > 0.999
    assert found.to_dense()[decided].equal((probs > threshold)[decided])


@pytest.mark.parametrize(
    'size', [(68, 84), (50, 61), (121, 33), (17, 21), (9, 6)], ids=str
)
@pytest.mark.parametrize('threshold', [0.5, 0.3])
def test_against_the_dense_stack(size, threshold):
    prototypes, coeffs = scene(seed=size[0])

    found = assemble(prototypes, coeffs, BOXES, size, threshold=threshold)

    assert found.size == size
    assert len(found) == len(BOXES)
    assert_same_masks(found, dense_probs(prototypes, coeffs, BOXES, size), threshold)


def test_random_boxes():
    generator = torch.Generator().manual_seed(3)
    boxes = (
        (torch.rand(60, 4, generator=generator) - 0.25)
        * torch.tensor([W, H, W, H])
        * 1.5
    )
    prototypes, coeffs = scene(3, boxes)
    size = (40, 57)

    found = assemble(prototypes, coeffs, boxes, size)

    assert_same_masks(found, dense_probs(prototypes, coeffs, boxes, size))


@pytest.mark.parametrize('content', [(13, 21), (17, 12), (10, 9)], ids=str)
def test_padding_of_the_input_is_cut_off(content):
    """`content` prototype pixels show the image, the rest its padding."""
    prototypes, coeffs = scene(seed=1)
    size = (content[0] * 3, content[1] * 4)

    found = assemble(prototypes, coeffs, BOXES, size, (1 / 3, 1 / 4))

    padded = dense_probs(prototypes, coeffs, BOXES, (H * 3, W * 4))
    assert_same_masks(found, padded[:, : size[0], : size[1]])


def test_hand_computed():
    # Probability 1 in the padded crop [1, 5). Half of it is reached half-way
    # between the pixels 0 and 1, and 4 and 5, which is at 4 and 20 of 32; the
    # pixels 4 and 19 have 5 / 8 of it, and only 25 / 64 where they cross.
    prototypes, coeffs = torch.full((1, 8, 8), 50.0), torch.ones(1, 1)
    expected = torch.zeros(1, 32, 32, dtype=torch.bool)
    expected[:, 4:20, 4:20] = True
    expected[:, [4, 4, 19, 19], [4, 19, 4, 19]] = False

    box = torch.tensor([[2.0, 2.0, 4.0, 4.0]])
    found = assemble(prototypes, coeffs, box, (32, 32))

    assert found.to_dense().equal(expected)


def test_only_the_window_of_a_box_is_computed():
    prototypes, coeffs = scene(seed=0)

    found = assemble(prototypes, coeffs, BOXES, (170, 210))

    x0, y0, x1, y1 = found.windows[6]  # the point keeps 2 x 2 prototype pixels
    assert x1 - x0 <= 50
    assert y1 - y0 <= 50
    assert found.masks[6].shape == (y1 - y0, x1 - x0)
    assert found.masks[4].numel() == found.masks[5].numel() == 0  # outside


def test_no_detections():
    found = assemble(torch.rand(2, H, W), torch.rand(0, 2), torch.zeros(0, 4), (34, 42))

    assert len(found) == 0
    assert found.to_dense().shape == (0, 34, 42)


def test_to_dense_pastes_each_window():
    masks = InstanceMasks(
        windows=[(1, 0, 3, 1), (0, 0, 0, 0)],
        masks=[torch.tensor([[True, False]]), torch.zeros(0, 0, dtype=torch.bool)],
        size=(2, 4),
    )

    assert masks.to_dense().int().tolist() == [
        [[0, 1, 0, 0], [0, 0, 0, 0]],
        [[0, 0, 0, 0], [0, 0, 0, 0]],
    ]


def test_mirrored_masks():
    windows = [(0, 0, 2, 1), (3, 1, 4, 3)]
    left, right = torch.tensor([[True, False]]), torch.tensor([[True], [True]])
    masks = InstanceMasks(windows, [left, right], (3, 5))

    mirrored = masks.hflip()

    assert mirrored.windows == [(3, 0, 5, 1), (1, 1, 2, 3)]
    assert mirrored.to_dense().equal(masks.to_dense().flip(-1))
