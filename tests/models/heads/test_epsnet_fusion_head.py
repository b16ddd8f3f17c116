"""Panoptic maps by hand."""

from epsnet_mm.functional import InstanceMasks

import pytest
import torch
from mmdet.registry import MODELS
from mmengine.config import ConfigDict
from mmengine.structures import InstanceData

T, S = 2, 3
VOID = T + S


def fusion_head(stuff_area_limit=1, **kwargs):
    return MODELS.build(
        dict(
            type='EPSNetFusionHead',
            num_things_classes=T,
            num_stuff_classes=S,
            test_cfg=ConfigDict(mask_overlap=0.5, stuff_area_limit=stuff_area_limit),
            **kwargs,
        )
    )


def fuse(rows, classes, semantic, stuff_area_limit=1):
    """Panoptic map of a one-row image.

    Args:
        rows: A string such as '.xx.' for each instance, best first.
        classes: Their thing classes.
        semantic: One digit for each pixel: its best semantic class, S = other.
        stuff_area_limit: Smallest stuff area kept.
    """
    head = fusion_head(stuff_area_limit)
    width = len(semantic)
    masks = InstanceMasks(
        [(0, 0, width, 1)] * len(rows),
        [torch.tensor([[c == 'x' for c in row]]) for row in rows],
        (1, width),
    )
    logits = torch.zeros(1, S + 1, 1, width)
    logits[0, [int(c) for c in semantic], 0, range(width)] = 10
    meta = dict(
        img_shape=(1, width), batch_input_shape=(1, width), ori_shape=(1, width)
    )
    detections = InstanceData(labels=torch.tensor(classes, dtype=torch.long))
    (found,) = head.predict([masks], [detections], logits, [meta])
    assert found.sem_seg.shape == (1, 1, width)
    assert found.sem_seg.dtype == torch.int32
    return found.sem_seg[0, 0].tolist()


def test_things_over_stuff_and_other_is_void():
    # Label + 1000 * instance; stuff starts at T = 2.
    found = fuse(['xx......', '..xx....'], [1, 0], semantic='00000123')

    assert found == [1001, 1001, 2000, 2000, 2, 3, 4, VOID]


def test_a_skipped_instance_leaves_its_number_unused():
    # 2 of 3 pixels of the second are taken; its free pixel stays stuff.
    found = fuse(['xxx...', '.xxx..', '....xx'], [0, 0, 1], semantic='000000')

    assert found == [1000, 1000, 1000, 2, 3001, 3001]


def test_small_stuff_is_void_and_only_what_is_left_counts():
    # Stuff 0 keeps two of its four pixels, stuff 1 has three.
    rows, semantic = ['xx.....'], '0000111'

    kept = fuse(rows, [0], semantic, stuff_area_limit=2)
    dropped = fuse(rows, [0], semantic, stuff_area_limit=3)

    assert kept == [1000, 1000, 2, 2, 3, 3, 3]
    assert dropped == [1000, 1000, VOID, VOID, 3, 3, 3]


def test_no_instances():
    assert fuse([], [], semantic='0123') == [2, 3, 4, VOID]


def test_nothing_recognized():
    assert fuse([], [], semantic='3333') == [VOID] * 4


def test_each_image_has_its_own_size():
    head = fusion_head()
    sizes = [(6, 4), (3, 9)]
    metas = [
        dict(img_shape=(8, 8), batch_input_shape=(8, 8), ori_shape=size)
        for size in sizes
    ]
    none = InstanceData(labels=torch.zeros(0, dtype=torch.long))

    maps = head.predict(
        [InstanceMasks([], [], size) for size in sizes],
        [none] * 2,
        torch.zeros(2, S + 1, 2, 2),
        metas,
    )

    assert [x.sem_seg.shape for x in maps] == [(1, 6, 4), (1, 3, 9)]


def random_scene(size):
    """Masks, detections and logits of one image."""
    generator = torch.Generator().manual_seed(0)
    masks = InstanceMasks(
        [(3, 2, 23, 17)] * 2,
        [torch.rand(15, 20, generator=generator) > x for x in (0.7, 0.3)],
        size,
    )
    detections = InstanceData(labels=torch.tensor([1, 0]))
    return [masks], [detections], torch.randn(1, S + 1, 8, 10, generator=generator)


def test_dense_and_sparse_label_maps_give_the_same_map():
    scene = random_scene((30, 50))
    meta = dict(img_shape=(32, 40), batch_input_shape=(32, 40), ori_shape=(30, 50))

    maps = [
        fusion_head(label_map=x).predict(*scene, [meta])[0].sem_seg
        for x in ('sparse', 'dense', 'auto')
    ]

    assert len(maps[0].unique()) > S
    assert maps[0].equal(maps[1])
    assert maps[0].equal(maps[2])


def test_the_map_of_the_image_in_the_input():
    # Original and input have the same size, so both maps are the same.
    scene = random_scene((30, 50))
    meta = dict(img_shape=(30, 50), batch_input_shape=(32, 64), ori_shape=(30, 50))
    (expected,) = fusion_head().predict(*scene, [meta])

    meta['ori_shape'] = (90, 100)
    (found,) = fusion_head().predict(*scene, [meta], rescale=False)

    assert found.sem_seg.equal(expected.sem_seg)


def test_an_unknown_kind_of_label_map():
    with pytest.raises(ValueError, match="no label_map 'fast': use 'auto', 'dense'"):
        fusion_head(label_map='fast')


def test_nothing_to_train():
    head = fusion_head()

    assert head.loss() == {}
    assert not list(head.parameters())
