"""Pasting by hand on 4 x 6 pixels, and consistency on synthetic images."""

from pathlib import Path

import epsnet_mm  # noqa: F401
from epsnet_mm.datasets import PanopticCopyPaste
from epsnet_mm.datasets.synthetic.shapes import make_shapes

import numpy as np
import pytest
import torch
from mmdet.datasets.transforms import CopyPaste
from mmdet.registry import DATASETS
from mmdet.structures.bbox import HorizontalBoxes
from mmdet.structures.mask import BitmapMasks
from mmengine.registry import DefaultScope

SIZE = (4, 6)
SKY, VOID = 5, 255


def image(things=(), crowds=(), value=0, size=SIZE):
    """What `LoadPanopticSegments` gives; an object is (label, x1, y1, x2, y2)."""
    objects = [*things, *crowds]
    masks = np.zeros((len(objects), *size), np.uint8)
    semantic = np.full(size, SKY, np.int32)
    for mask, (label, x1, y1, x2, y2) in zip(masks, objects, strict=True):
        mask[y1:y2, x1:x2] = 1
        semantic[mask > 0] = label
    boxes = torch.tensor([x[1:] for x in objects], dtype=torch.float32)
    return dict(
        img=np.full((*size, 3), value, np.uint8),
        gt_bboxes=HorizontalBoxes(boxes.reshape(-1, 4)),
        gt_bboxes_labels=np.array([x[0] for x in objects], np.int64),
        gt_ignore_flags=np.array([False] * len(things) + [True] * len(crowds)),
        gt_masks=BitmapMasks(masks, *size),
        gt_seg_map=semantic,
    )


def paste(destination, source, bbox=10, mask=300):
    """Paste all things of the source."""
    transform = PanopticCopyPaste(bbox_occluded_thr=bbox, mask_occluded_thr=mask)
    transform._get_selected_inds = np.arange
    return transform.transform({**destination, 'mix_results': [source]})


def disagreeing_pixels(results):
    """Pixels of instances to which the semantic map gives another label."""
    return sum(
        int((results['gt_seg_map'][mask > 0] != label).sum())
        for label, mask in zip(
            results['gt_bboxes_labels'], results['gt_masks'].masks, strict=True
        )
    )


def assert_consistent(results, num_things):
    """Masks, boxes and semantic map say the same about every pixel."""
    masks, semantic = results['gt_masks'].masks, results['gt_seg_map']
    labels = results['gt_bboxes_labels']
    count = len(masks)
    assert len(labels) == len(results['gt_ignore_flags']) == count
    assert len(results['gt_bboxes']) == count
    assert masks.sum(axis=0).max(initial=0) <= 1, 'two things share a pixel'
    for box, mask in zip(results['gt_bboxes'].tensor.tolist(), masks, strict=True):
        ys, xs = np.nonzero(mask)
        assert len(ys), 'an empty mask'
        assert box == [xs.min(), ys.min(), xs.max() + 1, ys.max() + 1]
    assert disagreeing_pixels(results) == 0
    assert (semantic[~masks.any(axis=0)] >= num_things).all(), 'a thing without a mask'


def test_a_thing_goes_over_stuff_and_over_a_thing():
    destination = image([(0, 0, 0, 3, 2)], value=10)
    source = image([(1, 2, 1, 5, 3)], value=20)

    results = paste(destination, source)

    assert results['gt_seg_map'].tolist() == [
        [0, 0, 0, 5, 5, 5],
        [0, 0, 1, 1, 1, 5],
        [5, 5, 1, 1, 1, 5],
        [5, 5, 5, 5, 5, 5],
    ]
    assert results['img'][..., 0].tolist() == [
        [10, 10, 10, 10, 10, 10],
        [10, 10, 20, 20, 20, 10],
        [10, 10, 20, 20, 20, 10],
        [10, 10, 10, 10, 10, 10],
    ]
    assert results['img'].dtype == np.uint8
    first, second = results['gt_masks'].masks
    assert np.argwhere(first).tolist() == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1]]
    assert np.argwhere(second)[[0, -1]].tolist() == [[1, 2], [2, 4]]
    assert first.dtype == np.uint8
    assert results['gt_bboxes'].tensor.tolist() == [[0, 0, 3, 2], [2, 1, 5, 3]]
    assert results['gt_bboxes_labels'].tolist() == [0, 1]
    assert results['gt_ignore_flags'].tolist() == [False, False]
    assert_consistent(results, num_things=2)
    # The originals are left alone: a dataset may hand them out again.
    assert destination['gt_seg_map'][1, 2] == 0
    assert (source['img'] == 20).all()


def test_the_box_of_a_covered_thing_shrinks():
    results = paste(image([(0, 0, 0, 6, 2)]), image([(1, 4, 0, 6, 3)]))

    assert results['gt_bboxes'].tensor.tolist() == [[0, 0, 4, 2], [4, 0, 6, 3]]
    assert_consistent(results, num_things=2)


def test_a_fully_covered_thing_is_dropped():
    """Upstream keeps an empty mask where the box is small."""
    results = paste(image([(0, 1, 1, 3, 3), (0, 5, 0, 6, 1)]), image([(1, 0, 0, 4, 4)]))

    assert results['gt_bboxes_labels'].tolist() == [0, 1]
    assert results['gt_bboxes'].tensor.tolist() == [[5, 0, 6, 1], [0, 0, 4, 4]]
    assert_consistent(results, num_things=2)


def test_the_rest_of_a_thing_that_is_dropped_becomes_unlabelled():
    """Its box moves by 4 pixels, and 2 pixels still show: both thresholds say no."""
    results = paste(image([(0, 0, 0, 6, 1)]), image([(1, 2, 0, 6, 2)]), bbox=3, mask=2)

    assert results['gt_bboxes_labels'].tolist() == [1]
    assert results['gt_seg_map'].tolist() == [
        [VOID, VOID, 1, 1, 1, 1],
        [5, 5, 1, 1, 1, 1],
        [5] * 6,
        [5] * 6,
    ]
    assert_consistent(results, num_things=2)


@pytest.mark.parametrize(('bbox', 'mask'), [(4, 2), (3, 1)])
def test_one_threshold_is_enough_to_stay(bbox, mask):
    results = paste(
        image([(0, 0, 0, 6, 1)]), image([(1, 2, 0, 6, 2)]), bbox=bbox, mask=mask
    )

    assert results['gt_bboxes'].tensor.tolist() == [[0, 0, 2, 1], [2, 0, 6, 2]]
    assert_consistent(results, num_things=2)


def test_crowds_are_covered_but_not_pasted():
    destination = image([(0, 0, 0, 1, 1)], crowds=[(1, 2, 0, 6, 2)])
    source = image([(0, 4, 0, 6, 2)], crowds=[(1, 0, 2, 4, 4)])

    results = paste(destination, source)

    assert results['gt_seg_map'].tolist() == [
        [0, 5, 1, 1, 0, 0],
        [5, 5, 1, 1, 0, 0],
        [5] * 6,
        [5] * 6,
    ]
    assert results['gt_bboxes_labels'].tolist() == [0, 1, 0]
    assert results['gt_ignore_flags'].tolist() == [False, True, False]
    assert results['gt_bboxes'].tensor[1].tolist() == [2, 0, 4, 2]
    assert_consistent(results, num_things=2)


@pytest.mark.parametrize('source', [image(), image(crowds=[(1, 0, 0, 6, 4)])])
def test_nothing_to_paste(source):
    destination = image([(0, 0, 0, 3, 2)], value=10)

    results = paste(destination, source)

    assert (results['img'] == 10).all()
    assert results['gt_seg_map'].tolist() == destination['gt_seg_map'].tolist()
    assert results['gt_bboxes_labels'].tolist() == [0]
    assert_consistent(results, num_things=2)


def test_nothing_to_cover():
    results = paste(image(), image([(1, 2, 1, 5, 3)]))

    assert results['gt_bboxes'].tensor.tolist() == [[2, 1, 5, 3]]
    assert results['gt_seg_map'][1].tolist() == [5, 5, 1, 1, 1, 5]
    assert_consistent(results, num_things=2)


def test_neither_has_things():
    results = paste(image(), image())

    assert results['gt_masks'].masks.shape == (0, *SIZE)
    assert (results['gt_seg_map'] == SKY).all()


def test_images_of_two_sizes():
    with pytest.raises(ValueError, match=r'\(4, 6\) and \(4, 8\): resize, crop or pad'):
        paste(image(), image(size=(4, 8)))


@pytest.mark.parametrize('key', ['gt_masks', 'gt_seg_map'])
def test_without_panoptic_ground_truth(key):
    source = image([(0, 0, 0, 3, 2)])
    del source[key]

    with pytest.raises(ValueError, match='load both images with LoadPanopticSegments'):
        paste(image(), source)


def test_the_source_is_drawn_from_the_whole_dataset():
    transform = PanopticCopyPaste()
    assert {transform.get_indexes([7, 8, 9]) for _ in range(100)} == {0, 1, 2}


@pytest.fixture(scope='module')
def shapes(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp('data') / 'shapes'
    make_shapes(str(root), train=1, val=24, size=64)
    return root


def mixed(root, transform):
    """Crops of synthetic images, with crowds and void, mixed by the transform."""
    dataset = dict(
        type='EPSNetPanopticDataset',
        data_root=str(root),
        ann_file='annotations/panoptic_val.json',
        data_prefix=dict(img='val', seg='annotations/panoptic_val'),
        pipeline=[
            dict(type='LoadImageFromFile'),
            dict(type='LoadPanopticSegments'),
            dict(type='RandomFlip', prob=0.5),
            dict(type='RandomCrop', crop_size=(48, 48), allow_negative_crop=True),
            dict(type='FilterAnnotations', by_mask=True, keep_empty=False),
        ],
    )
    with DefaultScope.overwrite_default_scope('mmdet'):
        return DATASETS.build(
            dict(type='MultiImageMixDataset', dataset=dataset, pipeline=[transform])
        )


def test_every_pixel_agrees_in_a_training_pipeline(shapes):
    dataset = mixed(shapes, dict(type='PanopticCopyPaste'))
    num_things = len(dataset.metainfo['thing_classes'])
    with_crowd = more = 0

    for index in range(len(dataset)):
        results = dataset[index]
        assert_consistent(results, num_things)
        assert results['img'].shape == (48, 48, 3)
        with_crowd += results['gt_ignore_flags'].any()
        more += len(results['gt_masks']) > len(dataset.dataset[index]['gt_masks'])

    assert with_crowd
    assert more > 5


def test_upstream_leaves_the_semantic_map_behind(shapes):
    """The check above finds what is wrong with MMDetection's own transform."""
    images = mixed(shapes, dict(type='PanopticCopyPaste')).dataset
    results = [
        CopyPaste().transform({**images[index], 'mix_results': [images[index - 1]]})
        for index in range(1, len(images))
    ]

    assert sum(map(disagreeing_pixels, results)) > 1000
