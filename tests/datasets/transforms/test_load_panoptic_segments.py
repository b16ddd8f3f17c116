from pathlib import Path

from epsnet_mm.datasets import EPSNetPanopticDataset, LoadPanopticSegments
from epsnet_mm.datasets.synthetic.shapes import make_shapes
from tests.requirements import DATA_DIR, needs_data

import cv2
import numpy as np
import pytest
from mmdet.datasets.transforms import LoadPanopticAnnotations, PackDetInputs


@pytest.fixture
def info(write_files, content) -> dict:
    root = write_files(content)
    dataset = EPSNetPanopticDataset(
        ann_file='panoptic.json',
        data_root=str(root),
        data_prefix=dict(img='img', seg='seg'),
    )
    return dict(dataset.get_data_info(0), ori_shape=(4, 6))


def test_arrays(info):
    results = LoadPanopticSegments().transform(info)
    assert results['gt_seg_map'].tolist() == [
        [3, 3, 3, 3, 255, 255],
        [3, 0, 0, 3, 1, 1],
        [3, 0, 0, 3, 1, 1],
        [2, 2, 2, 2, 2, 2],
    ]
    assert results['gt_bboxes'].tensor.tolist() == [[1, 1, 3, 3], [4, 1, 6, 3]]
    assert results['gt_bboxes_labels'].tolist() == [0, 1]
    car, people = results['gt_masks'].masks
    assert car.dtype == np.uint8
    assert np.argwhere(car).tolist() == [[1, 1], [1, 2], [2, 1], [2, 2]]
    assert np.argwhere(people).tolist() == [[1, 4], [1, 5], [2, 4], [2, 5]]


def test_crowds_become_ignored_instances(info):
    results = LoadPanopticSegments().transform(info)
    sample = PackDetInputs(meta_keys=()).transform(results)['data_samples']
    assert sample.gt_instances.labels.tolist() == [0]
    assert sample.ignored_instances.labels.tolist() == [1]
    assert sample.ignored_instances.bboxes.tensor.tolist() == [[4, 1, 6, 3]]
    assert sample.ignored_instances.masks.masks[0, 1, 4] == 1
    assert sample.gt_sem_seg.sem_seg.shape == (1, 4, 6)


def test_image_without_things(info):
    info['instances'] = []
    info['segments_info'] = [
        dict(id=i, category=2, is_thing=False) for i in (10, 20, 300, 70000)
    ]
    results = LoadPanopticSegments().transform(info)
    assert results['gt_masks'].masks.shape == (0, 4, 6)


def test_image_without_ground_truth(info):
    info['seg_map_path'] = None
    results = LoadPanopticSegments().transform(info)
    assert 'gt_masks' not in results
    assert 'gt_seg_map' not in results


def test_more_segments_than_a_byte_counts(info):
    # 300 segments, one per pixel of a 15 x 20 image, in reverse order.
    ids = np.arange(1, 301).reshape(15, 20)
    bgr = np.stack([ids * 0, ids >> 8, ids & 255], axis=-1).astype(np.uint8)
    cv2.imwrite(info['seg_map_path'], bgr)
    info['ori_shape'] = (15, 20)
    info['segments_info'] = [
        dict(id=i, category=i % 7, is_thing=i == 290) for i in range(300, 0, -1)
    ]
    results = LoadPanopticSegments(with_bbox=False, with_label=False).transform(info)
    assert np.array_equal(results['gt_seg_map'], ids % 7)
    assert np.argwhere(results['gt_masks'].masks).tolist() == [[0, 14, 9]]


def assert_like_upstream(dataset: EPSNetPanopticDataset) -> None:
    for index in range(len(dataset)):
        info = dataset.get_data_info(index)
        info['ori_shape'] = (info['height'], info['width'])
        # Upstream has no masks for crowds.
        info['instances'] = [
            item for item in info['instances'] if not item['ignore_flag']
        ]
        for segment in info['segments_info']:
            del segment['is_crowd']
        ours = LoadPanopticSegments().transform(dict(info))
        upstream = LoadPanopticAnnotations().transform(dict(info))
        for left, right in (
            (ours['gt_seg_map'], upstream['gt_seg_map']),
            (ours['gt_masks'].masks, upstream['gt_masks'].masks),
        ):
            assert left.dtype == right.dtype
            assert np.array_equal(left, right)


def test_same_arrays_as_upstream(tmp_path):
    make_shapes(tmp_path / 'shapes', train=1, val=12, size=48)
    assert_like_upstream(
        EPSNetPanopticDataset(
            ann_file='annotations/panoptic_val.json',
            data_root=str(tmp_path / 'shapes'),
            data_prefix=dict(img='val', seg='annotations/panoptic_val'),
        )
    )


@needs_data('coco_samples')
def test_same_arrays_as_upstream_on_coco():
    assert_like_upstream(
        EPSNetPanopticDataset(
            ann_file='annotations/panoptic_val.json',
            data_root=str(DATA_DIR / 'coco_samples'),
            data_prefix=dict(img='images', seg='annotations/panoptic_val'),
        )
    )


def test_id_that_the_json_lacks(info):
    del info['segments_info'][0]
    with pytest.raises(ValueError, match=r'a_panoptic.png .* id 20, which'):
        LoadPanopticSegments().transform(info)


def test_size_that_differs_from_the_image(info):
    info['ori_shape'] = (8, 6)
    with pytest.raises(ValueError, match=r'a_panoptic.png is 6 x 4'):
        LoadPanopticSegments().transform(info)


def test_png_cut_short(info):
    path = Path(info['seg_map_path'])
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(ValueError, match=r'a_panoptic.png cannot be decoded'):
        LoadPanopticSegments().transform(info)
