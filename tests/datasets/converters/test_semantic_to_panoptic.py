import json

from epsnet_mm.datasets.converters.semantic_to_panoptic import (
    convert_semantic,
    split_segments,
)

import cv2
import numpy as np
import pytest
from PIL import Image

from .conftest import as_categories

CATEGORIES = [
    dict(id=5, name='sky', isthing=0),
    dict(id=7, name='car', isthing=1),
    dict(id=9, name='sea', isthing=0),
]


def test_things_are_split_and_stuff_is_not():
    labels = np.array(
        [
            [5, 5, 7, 7, 5],
            [5, 7, 0, 0, 5],
            [7, 0, 5, 0, 7],
        ]
    )
    ids, segments, num_small = split_segments(labels, CATEGORIES, min_area=1)
    assert num_small == 0
    # Corners join: four pixels are one car, the last one is another.
    assert ids.tolist() == [
        [1, 1, 2, 2, 1],
        [1, 2, 0, 0, 1],
        [2, 0, 1, 0, 3],
    ]
    assert segments == [
        dict(id=1, category_id=5, iscrowd=0),
        dict(id=2, category_id=7, iscrowd=0),
        dict(id=3, category_id=7, iscrowd=0),
    ]


def test_small_things_become_unlabelled_but_small_stuff_stays():
    labels = np.array([[7, 7, 0, 7], [5, 0, 0, 0]])
    ids, segments, num_small = split_segments(labels, CATEGORIES, min_area=2)
    assert ids.tolist() == [[2, 2, 0, 0], [1, 0, 0, 0]]
    assert len(segments) == 2
    assert num_small == 1


@pytest.fixture
def masks(source, tmp_path):
    """The source's category maps, and its class list."""
    (tmp_path / 'masks').mkdir()
    for annotation in source.content['annotations']:
        cv2.imwrite(
            str(tmp_path / 'masks' / annotation['file_name'].replace('.', '_m.')),
            source.category_map(annotation),
        )
    (tmp_path / 'classes.json').write_text(json.dumps(source.categories))
    return tmp_path / 'masks'


def convert(source, masks, **kwargs):
    ann_file = masks.parent / 'out/panoptic_val.json'
    report = convert_semantic(
        str(source.images),
        str(masks),
        str(masks.parent / 'classes.json'),
        str(ann_file),
        mask_suffix='_m.png',
        **kwargs,
    )
    return ann_file, report


def test_round_trip(source, masks, read_back):
    ann_file, report = convert(source, masks)
    converted = read_back(ann_file, source.images)
    assert len(converted) == 24
    for old, new in zip(source.content['annotations'], converted, strict=True):
        assert (as_categories(new['ids'], new) == source.category_map(old)).all()
        # Each segment is one component of an old class, and each old object
        # lies in segments of its class.
        for segment in new['segments_info']:
            mask = (new['ids'] == segment['id']).astype(np.uint8)
            if segment['category_id'] < 10:
                assert cv2.connectedComponents(mask, connectivity=8)[0] == 2
    assert '24 images' in report.summary()


def test_wrong_size_leaves_nothing_behind(source, masks):
    cv2.imwrite(str(masks / '000000003_m.png'), np.zeros((64, 32), np.uint8))
    with pytest.raises(ValueError, match=r'000000003.jpg are 32 x 64 .* 64 x 64'):
        convert(source, masks)
    assert not list((masks.parent / 'out').iterdir())


def test_missing_mask(source, masks):
    (masks / '000000003_m.png').unlink()
    with pytest.raises(ValueError, match=r'1 of 24 .*000000003_m.png'):
        convert(source, masks)
    assert not list(masks.parent.glob('out/*'))


def test_skip_invalid_names_and_counts_all(source, masks, read_back):
    (masks / '000000003_m.png').unlink()
    cv2.imwrite(str(masks / '000000004_m.png'), np.zeros((64, 32), np.uint8))
    cv2.imwrite(str(masks / '000000005_m.png'), np.full((64, 64), 99, np.uint8))
    (masks / '000000006_m.png').write_bytes(b'no image')
    cv2.imwrite(str(masks / 'other_m.png'), np.zeros((64, 64), np.uint8))
    ann_file, report = convert(source, masks, skip_invalid=True)
    read_back(ann_file, source.images)
    assert (report.images.num_read, report.images.num_written) == (24, 20)
    assert report.images.left_out == {
        'without a mask': 1,
        'that cannot be converted': 3,
    }
    assert (report.masks.num_read, report.masks.num_written) == (24, 20)
    assert report.masks.left_out == {'without an image': 1, 'of an image left out': 3}


def test_small_components_are_counted(source, masks, read_back):
    _, everything = convert(source, masks)
    for path in (masks.parent / 'out').iterdir():
        path.rename(masks.parent / path.name)
    ann_file, report = convert(source, masks, min_area=60)
    (small,) = report.objects.left_out.values()
    assert small > 0
    assert report.objects.num_read == everything.objects.num_written
    assert report.objects.num_written == everything.objects.num_written - small
    assert f'{small} below --min-area 60, e.g. in 0' in report.summary()
    converted = read_back(ann_file, source.images)
    areas = [
        segment['area']
        for annotation in converted
        for segment in annotation['segments_info']
        if segment['category_id'] < 10
    ]
    assert len(areas) == report.objects.num_written
    assert min(areas) >= 60


@pytest.fixture
def one_image(tmp_path):
    """`one_image(mask, classes, exif)` converts an image and its mask."""

    def run(mask, classes, exif=1, size=None, **kwargs):
        for name in ('images', 'masks'):
            (tmp_path / name).mkdir(exist_ok=True)
        orientation = Image.Exif()
        orientation[274] = exif
        image = Image.new('RGB', size or mask.shape[::-1])
        image.save(tmp_path / 'images/a.jpg', exif=orientation)
        cv2.imwrite(str(tmp_path / 'masks/a.png'), mask)
        (tmp_path / 'classes.json').write_text(json.dumps(classes))
        ann_file = tmp_path / 'out/ann.json'
        convert_semantic(
            str(tmp_path / 'images'),
            str(tmp_path / 'masks'),
            str(tmp_path / 'classes.json'),
            str(ann_file),
            **kwargs,
        )
        return ann_file

    return run


def test_binary_masks_write_nothing(one_image, tmp_path):
    mask = np.zeros((8, 8), np.uint8)
    mask[2:5] = 255
    lesion = dict(id=1, name='lesion', isthing=1)
    for kwargs in ({}, dict(skip_invalid=True)):
        with pytest.raises(ValueError, match='0 and 255'):
            one_image(mask, [lesion], **kwargs)
    with pytest.raises(ValueError, match='No segment came out of 1 images'):
        one_image(mask, [lesion], ignored=[255])
    assert not list((tmp_path / 'out').iterdir())
    one_image(mask, [dict(lesion, id=255)])
    assert (tmp_path / 'out/ann.json').exists()


@pytest.mark.parametrize('exif', [3, 6])
def test_masks_are_turned_as_their_image(one_image, tmp_path, read_back, exif):
    mask = np.zeros((8, 12), np.uint8)
    mask[:2, :3] = 1
    classes = [dict(id=1, name='car', isthing=1)]
    with pytest.raises(ValueError, match=f'the EXIF orientation {exif}'):
        one_image(mask, classes, exif)
    assert not list((tmp_path / 'out').iterdir())
    ann_file = one_image(mask, classes, exif, mask_orientation='stored')
    (annotation,) = read_back(ann_file, tmp_path / 'images')
    expected = [9, 6, 3, 2] if exif == 3 else [6, 0, 2, 3]
    assert annotation['segments_info'][0]['bbox'] == expected


def test_masks_as_displayed_stay(one_image, tmp_path, read_back):
    mask = np.zeros((8, 12), np.uint8)
    mask[:2, :3] = 1
    classes = [dict(id=1, name='car', isthing=1)]
    ann_file = one_image(mask, classes, exif=4, mask_orientation='displayed')
    (annotation,) = read_back(ann_file, tmp_path / 'images')
    assert annotation['segments_info'][0]['bbox'] == [0, 0, 3, 2]
