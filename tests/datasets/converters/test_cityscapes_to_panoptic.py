import json
import shutil

from epsnet_mm.datasets.converters.cityscapes_to_panoptic import (
    convert_cityscapes,
    renumber,
)
from epsnet_runtime.coco.segment_ids import write_segment_ids

import numpy as np
import pytest
from mmdet.registry import DATASETS
from mmengine.registry import DefaultScope

CATEGORIES = {7: False, 24: True}


def test_renumber():
    ids = np.array([[7, 24001], [0, 24]])
    info = [
        dict(id=24001, category_id=24, iscrowd=0),
        dict(id=7, category_id=7),
        dict(id=24, category_id=24, iscrowd=1),
    ]
    numbers, segments = renumber(ids, info, 'x.png', CATEGORIES)
    assert numbers.tolist() == [[2, 1], [0, 3]]
    assert segments == [
        dict(id=1, category_id=24, iscrowd=0),
        dict(id=2, category_id=7, iscrowd=0),
        dict(id=3, category_id=24, iscrowd=1),
    ]
    with pytest.raises(ValueError, match=r'x.png has pixels of the segment id 24'):
        renumber(ids, info[:2], 'x.png', CATEGORIES)


@pytest.mark.parametrize(
    ('wrong', 'fault'),
    [
        (dict(id=7, category_id=8), r'\.category_id is the unknown category 8'),
        (dict(id=7, category_id=7, iscrowd='x'), r"\.iscrowd is 'x'"),
        (dict(id=[], category_id=7), r'\.id is \[\]'),
        ({}, ' {} lacks `id`'),
        (3, ' is 3, but must be an object'),
    ],
)
def test_invalid_segments(wrong, fault):
    with pytest.raises(ValueError, match=r'x.png: segments_info\[0\]' + fault):
        renumber(np.array([[7]]), [wrong], 'x.png', CATEGORIES)


def test_flags_and_categories_by_value():
    info = [
        dict(id=1, category_id='7', iscrowd='0'),
        dict(id=2, category_id=7.0, iscrowd=None),
    ]
    _, segments = renumber(np.array([[1, 2]]), info, 'x.png', CATEGORIES)
    assert [(x['category_id'], x['iscrowd']) for x in segments] == [(7, 0), (7, 0)]


@pytest.fixture
def cityscapes(source, tmp_path):
    """The source in the folders and with the names of Cityscapes."""
    images, annotations = [], []
    pngs = tmp_path / 'gtFine/cityscapes_panoptic_val'
    for old in source.content['annotations']:
        number = old['image_id']
        city = 'aachen' if number % 2 else 'bochum'
        name = f'{city}_000000_{number:06d}'
        image = tmp_path / f'leftImg8bit/val/{city}/{name}_leftImg8bit.png'
        image.parent.mkdir(parents=True, exist_ok=True)
        # Decoders look at the content, not at the name.
        shutil.copy(source.images / f'{number:09d}.jpg', image)
        png = f'{name}_gtFine_panoptic.png'
        write_segment_ids(source.ids(old), pngs / png)
        images.append(
            dict(
                id=name, width=64, height=64, file_name=f'{name}_gtFine_leftImg8bit.png'
            )
        )
        annotations.append(
            dict(image_id=name, file_name=png, segments_info=old['segments_info'])
        )
    (tmp_path / 'gtFine/cityscapes_panoptic_val.json').write_text(
        json.dumps(
            dict(images=images, annotations=annotations, categories=source.categories)
        )
    )
    return tmp_path


def convert(root, **kwargs):
    ann_file = root / 'annotations/panoptic_val.json'
    report = convert_cityscapes(
        str(root / 'gtFine/cityscapes_panoptic_val.json'),
        str(root / 'gtFine/cityscapes_panoptic_val'),
        str(root / 'leftImg8bit/val'),
        str(ann_file),
        **kwargs,
    )
    return ann_file, report


def load(**kwargs):
    pipeline = [dict(type='LoadImageFromFile'), dict(type='LoadPanopticSegments')]
    with DefaultScope.overwrite_default_scope('mmdet'):
        return DATASETS.build(
            dict(type='EPSNetPanopticDataset', pipeline=pipeline, **kwargs)
        )


def test_round_trip(source, cityscapes, read_back):
    """The dataset gives the same objects, crowds and maps as before."""
    images = cityscapes / 'leftImg8bit/val'
    ann_file, report = convert(cityscapes)
    assert report.objects.num_read == report.objects.num_written > 0
    assert report.stuff.num_read == report.stuff.num_written > 0
    read_back(ann_file, images)
    new = load(
        ann_file=str(ann_file),
        data_prefix=dict(img=str(images), seg=str(ann_file.with_suffix(''))),
    )
    old = load(
        ann_file=f'{source.pngs}.json',
        data_prefix=dict(img=str(source.images), seg=str(source.pngs)),
    )
    assert new.metainfo == old.metainfo
    assert len(new) == len(old) == 24
    for before, after in zip(old, new, strict=True):
        for key in ('img', 'gt_seg_map', 'gt_bboxes_labels', 'gt_ignore_flags'):
            assert np.array_equal(before[key], after[key])
        assert np.array_equal(before['gt_masks'].masks, after['gt_masks'].masks)
        assert (before['gt_bboxes'].tensor == after['gt_bboxes'].tensor).all()


@pytest.mark.parametrize(
    'name',
    [
        'leftImg8bit/val/bochum/bochum_000000_000004_leftImg8bit.png',
        'gtFine/cityscapes_panoptic_val/bochum_000000_000004_gtFine_panoptic.png',
        'gtFine/cityscapes_panoptic_val.json',
    ],
)
def test_missing_files(cityscapes, name):
    (cityscapes / name).unlink()
    with pytest.raises(FileNotFoundError, match=name.split('/')[-1]):
        convert(cityscapes)
    assert not list(cityscapes.glob('annotations/*'))


def change(root, edit):
    path = root / 'gtFine/cityscapes_panoptic_val.json'
    content = json.loads(path.read_text())
    edit(content)
    path.write_text(json.dumps(content))


def test_skip_invalid_names_and_counts_all(cityscapes, read_back):
    pngs = cityscapes / 'gtFine/cityscapes_panoptic_val'
    (pngs / 'bochum_000000_000004_gtFine_panoptic.png').unlink()
    (pngs / 'bochum_000000_000006_gtFine_panoptic.png').write_bytes(b'no image')
    images = cityscapes / 'leftImg8bit/val'
    (images / 'bochum/bochum_000000_000008_leftImg8bit.png').unlink()
    (pngs / 'other.png').write_bytes(b'')
    ann_file, report = convert(cityscapes, skip_invalid=True)
    read_back(ann_file, images)
    assert (report.images.num_read, report.images.num_written) == (24, 21)
    assert report.objects.left_out.keys() == {'of an image left out'}
    assert '1 PNGs of' in report.summary()
    assert 'e.g. other.png' in report.summary()


def test_annotations_of_no_image(cityscapes):
    change(cityscapes, lambda c: c['images'].pop(0))
    with pytest.raises(ValueError, match='1 annotations belong to no image'):
        convert(cityscapes)
    _, report = convert(cityscapes, skip_invalid=True)
    lost = report.objects.left_out + report.stuff.left_out
    assert lost.keys() == {'of an unknown image'}


def test_segments_without_a_pixel(cityscapes):
    def add(content):
        segments = content['annotations'][0]['segments_info']
        segments.append(dict(segments[0], id=9999))

    change(cityscapes, add)
    _, report = convert(cityscapes)
    assert report.objects.left_out + report.stuff.left_out == {'without a pixel': 1}
