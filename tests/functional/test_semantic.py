"""Semantic label maps, against dense upsampling."""

from epsnet_mm.functional import (
    BilinearAxis,
    dense_label_map,
    graph_label_rows,
    label_areas,
    semantic_targets,
    source_rows,
    sparse_label_map,
)

import pytest
import torch
import torch.nn.functional as F

both_maps = pytest.mark.parametrize('label_map', [dense_label_map, sparse_label_map])


def axes(logits, size, scales=None):
    """Rows and columns; without scales the image fills the logits."""
    source = logits.shape[1:]
    scales = scales or [a / b for a, b in zip(source, size, strict=True)]
    return [
        BilinearAxis(*x, torch.device('cpu'))
        for x in zip(source, size, scales, strict=True)
    ]


def assert_best_labels(labels, logits):
    """Each label has the largest logit, up to rounding."""
    chosen = logits.gather(0, labels[None])[0]
    torch.testing.assert_close(chosen, logits.amax(dim=0), atol=1e-5, rtol=0)


def test_targets_by_hand():
    # T = 2 things become "other" = 3, the S = 3 stuff classes move to the front.
    labels = torch.tensor([0, 1, 2, 3, 4, 255], dtype=torch.uint8)

    targets = semantic_targets(labels, num_things=2, num_stuff=3)

    assert targets.tolist() == [3, 3, 0, 1, 2, 255]
    assert targets.dtype == torch.long


def test_targets_keep_another_ignore_index():
    assert semantic_targets(torch.tensor([-1, 0, 2]), 2, 3, -1).tolist() == [-1, 3, 0]


def test_targets_of_labels_beyond_the_classes_are_unlabelled():
    labels = torch.tensor([-1, 0, 254, 255, 299, 300, 65535])

    targets = semantic_targets(labels, num_things=10, num_stuff=290, ignore_index=-1)

    assert targets.tolist() == [-1, 290, 244, 245, 289, -1, -1]


def test_ignore_index_that_is_a_class():
    with pytest.raises(ValueError, match=r'ignore_index 255 .* 290 stuff classes'):
        semantic_targets(torch.tensor([0]), 10, 290, 255)


@both_maps
def test_a_mask_lowers_other_by_one(label_map):
    # "Other" leads by 0.5 and loses only below the mask.
    logits = torch.tensor([1.0, 1.5]).view(2, 1, 1).expand(2, 1, 4)
    covered = torch.tensor([[False, True, True, False]])
    owned = torch.tensor([[False, False, True, True]])

    labels = label_map(logits, owned, covered, *axes(logits, (1, 4)))

    # What an instance owns is "other", whatever the logits.
    assert labels.tolist() == [[1, 0, 1, 1]]


@both_maps
@pytest.mark.parametrize('size', [(40, 60), (33, 51), (7, 5)], ids=str)
def test_against_dense_upsampling(size, label_map):
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(5, 10, 14, generator=generator)
    covered = torch.rand(size, generator=generator) > 0.5
    owned = covered & (torch.rand(size, generator=generator) > 0.5)

    labels = label_map(logits, owned, covered, *axes(logits, size))

    dense = F.interpolate(logits[None], size, mode='bilinear', align_corners=False)[0]
    dense[-1] -= covered.float()
    assert labels[owned].eq(4).all()
    assert_best_labels(labels[~owned], dense[:, ~owned])


@pytest.mark.parametrize('sharpness', [1, 10])
@pytest.mark.parametrize('size', [(40, 60), (97, 131), (7, 5)], ids=str)
def test_both_maps_are_equal(size, sharpness):
    """Every label, as no two classes are as good as each other."""
    generator = torch.Generator().manual_seed(1)
    logits = sharpness * torch.randn(7, 12, 16, generator=generator)
    covered = torch.rand(size, generator=generator) > 0.5
    owned = covered & (torch.rand(size, generator=generator) > 0.5)
    arguments = logits, owned, covered, *axes(logits, size)

    assert sparse_label_map(*arguments).equal(dense_label_map(*arguments))


@pytest.mark.parametrize('rows', [1, 16])
@pytest.mark.parametrize('size', [(97, 131), (12, 16), (7, 5), (1, 1)], ids=str)
def test_rows_of_exported_graphs(size, rows):
    generator = torch.Generator().manual_seed(2)
    logits = torch.randn(7, 12, 16, generator=generator)
    covered = torch.rand(size, generator=generator) > 0.5
    down, across = axes(logits, size)
    offsets = torch.arange(source_rows(rows, 12, size[0]))

    parts = zip(*(x.split(rows) for x in (covered, *down.taps)), strict=True)
    labels = [
        graph_label_rows(logits, part, taps, across.matrix, offsets)
        for part, *taps in parts
    ]

    nowhere = torch.zeros_like(covered)
    expected = dense_label_map(logits, nowhere, covered, down, across)
    assert torch.cat(labels).equal(expected)


@both_maps
def test_a_network_without_stuff(label_map):
    logits = torch.tensor([[[-1.0]]])
    nowhere = torch.zeros(3, 2, dtype=torch.bool)

    labels = label_map(logits, nowhere, nowhere, *axes(logits, (3, 2)))

    assert labels.tolist() == [[0, 0]] * 3


@both_maps
def test_one_class_that_leads_everywhere(label_map):
    logits = torch.zeros(3, 4, 4)
    logits[1] = 1
    nowhere = torch.zeros(16, 16, dtype=torch.bool)

    labels = label_map(logits, nowhere, nowhere, *axes(logits, (16, 16)))

    assert labels.eq(1).all()


@both_maps
def test_padding_of_the_input_is_cut_off(label_map):
    logits = torch.randn(4, 10, 14, generator=torch.Generator().manual_seed(0))
    size = (7 * 3, 9 * 4)  # 7 of 10 rows and 9 of 14 columns show the image
    nowhere = torch.zeros(size, dtype=torch.bool)

    labels = label_map(logits, nowhere, nowhere, *axes(logits, size, (1 / 3, 1 / 4)))

    dense = F.interpolate(logits[None], (30, 56), mode='bilinear', align_corners=False)[
        0
    ]
    assert_best_labels(labels, dense[:, : size[0], : size[1]])


def test_areas():
    labels = torch.tensor([[0, 2, 2], [2, 0, 4]])

    assert label_areas(labels, 5).tolist() == [2, 0, 3, 0, 1]
