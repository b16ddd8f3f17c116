"""Overlaps, against a loop over instances and pixels."""

from epsnet_mm.functional import InstanceMasks, resolve_overlaps

import pytest
import torch

CPU = torch.device('cpu')


def row_masks(*rows):
    """Instances of a one-row image, from strings such as '.xx.'."""
    masks = [torch.tensor([[c == 'x' for c in row]]) for row in rows]
    width = len(rows[0])
    return InstanceMasks([(0, 0, width, 1)] * len(rows), masks, (1, width))


def slow_resolve(dense, max_overlap):
    count, height, width = dense.shape
    owner = torch.zeros(height, width, dtype=torch.long)
    for rank in range(count):
        pixels = dense[rank].nonzero().tolist()
        taken = [p for p in pixels if owner[tuple(p)] > 0]
        if not pixels or len(taken) / len(pixels) > max_overlap:
            continue
        for pixel in pixels:
            if pixel not in taken:
                owner[tuple(pixel)] = rank + 1
    return owner


def random_masks(seed, count=12, height=9, width=11):
    generator = torch.Generator().manual_seed(seed)
    windows, masks = [], []
    for _ in range(count):
        (x0, x1), (y0, y1) = (
            sorted(torch.randint(0, size + 1, (2,), generator=generator).tolist())
            for size in (width, height)
        )
        windows.append((x0, y0, x1, y1))
        masks.append(torch.rand(y1 - y0, x1 - x0, generator=generator) > 0.3)
    return InstanceMasks(windows, masks, (height, width))


def test_better_instances_win():
    owner, covered = resolve_overlaps(row_masks('xxx...', '..xxx.'), 0.5, CPU)

    assert owner.tolist() == [[1, 1, 1, 2, 2, 0]]
    assert covered.int().tolist() == [[1, 1, 1, 1, 1, 0]]


def test_half_taken_stays_more_is_skipped():
    # Of the second 2 of 4 pixels are taken, of the third 2 of 3.
    owner, covered = resolve_overlaps(
        row_masks('xxx.....', '.xxxx...', '...xxx..'), 0.5, CPU
    )

    assert owner.tolist() == [[1, 1, 1, 2, 2, 0, 0, 0]]
    # The skipped one still lowers the "other" logit below it.
    assert covered.int().tolist() == [[1, 1, 1, 1, 1, 1, 0, 0]]


def test_empty_masks_own_nothing():
    masks = row_masks('....', 'xx..')
    masks.windows.append((0, 0, 0, 0))
    masks.masks.append(torch.zeros(0, 0, dtype=torch.bool))

    owner, _ = resolve_overlaps(masks, 0.5, CPU)

    assert owner.tolist() == [[2, 2, 0, 0]]


def test_no_instances():
    owner, covered = resolve_overlaps(InstanceMasks([], [], (2, 3)), 0.5, CPU)

    assert owner.tolist() == [[0, 0, 0]] * 2
    assert not covered.any()


@pytest.mark.parametrize('seed', range(5))
@pytest.mark.parametrize('max_overlap', [0.0, 0.5, 1.0])
def test_against_loops(seed, max_overlap):
    masks = random_masks(seed)

    owner, covered = resolve_overlaps(masks, max_overlap, CPU)

    dense = masks.to_dense()
    assert owner.equal(slow_resolve(dense, max_overlap))
    assert covered.equal(dense.any(dim=0))
