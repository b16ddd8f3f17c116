"""Windowed masks, against upsampling the whole stack of cropped masks."""

from epsnet_mm.functional import InstanceMasks, assemble_instance_masks

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

    found = assemble_instance_masks(
        prototypes, coeffs, BOXES, size, (H / size[0], W / size[1]), threshold
    )

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

    found = assemble_instance_masks(
        prototypes, coeffs, boxes, size, (H / size[0], W / size[1])
    )

    assert_same_masks(found, dense_probs(prototypes, coeffs, boxes, size))


@pytest.mark.parametrize('content', [(13, 21), (17, 12), (10, 9)], ids=str)
def test_padding_of_the_input_is_cut_off(content):
    """`content` prototype pixels show the image, the rest its padding."""
    prototypes, coeffs = scene(seed=1)
    size = (content[0] * 3, content[1] * 4)

    found = assemble_instance_masks(prototypes, coeffs, BOXES, size, (1 / 3, 1 / 4))

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

    found = assemble_instance_masks(
        prototypes,
        coeffs,
        torch.tensor([[2.0, 2.0, 4.0, 4.0]]),
        (32, 32),
        (1 / 4, 1 / 4),
    )

    assert found.to_dense().equal(expected)


def test_only_the_window_of_a_box_is_computed():
    prototypes, coeffs = scene(seed=0)

    found = assemble_instance_masks(
        prototypes, coeffs, BOXES, (170, 210), (1 / 10, 1 / 10)
    )

    x0, y0, x1, y1 = found.windows[6]  # the point keeps 2 x 2 prototype pixels
    assert x1 - x0 <= 50
    assert y1 - y0 <= 50
    assert found.masks[6].shape == (y1 - y0, x1 - x0)
    assert found.masks[4].numel() == found.masks[5].numel() == 0  # outside


def test_no_detections():
    found = assemble_instance_masks(
        torch.rand(2, H, W), torch.rand(0, 2), torch.zeros(0, 4), (34, 42), (0.5, 0.5)
    )

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
