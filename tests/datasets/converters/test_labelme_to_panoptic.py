"""labelme's files, converted and read back."""

import base64
import io
import json

from epsnet_mm.datasets.converters.labelme_to_panoptic import convert_labelme

import numpy as np
import pytest
from PIL import Image


def shape(label, points, kind='polygon', **more):
    return dict(label=label, points=points, shape_type=kind, flags={}, **more)


def square(left, top, right, bottom):
    return [[left, top], [right, top], [right, bottom], [left, bottom]]


@pytest.fixture
def write(tmp_path):
    """`write(name, shapes)`: an image of 20 x 10 pixels and its file; the folder."""

    def write(name, shapes, exif=None, /, **changes):
        path = tmp_path / 'in' / f'{name}.json'
        path.parent.mkdir(parents=True, exist_ok=True)
        options = {} if exif is None else dict(exif=exif)
        Image.new('RGB', (20, 10)).save(path.with_suffix('.jpg'), **options)
        content = dict(
            version='5.5.0',
            flags={},
            shapes=shapes,
            imagePath=path.with_suffix('.jpg').name,
            imageData=None,
            imageHeight=10,
            imageWidth=20,
        )
        path.write_text(json.dumps(content | changes), encoding='utf-8')
        return tmp_path / 'in'

    return write


def test_shapes_groups_and_stuff(write, tmp_path, read_back):
    buffer = io.BytesIO()
    Image.fromarray(np.array([[True, False], [True, True]])).save(buffer, 'PNG')
    mask = base64.b64encode(buffer.getvalue()).decode()
    folder = write(
        'a b/straße',
        [
            shape('road', square(0, 5, 20, 10)),
            shape('car', [[2, 1], [6, 4]], 'rectangle', group_id=None),
            # Drawn in two parts.
            shape('car', square(8, 0, 10, 2), group_id=3),
            shape('car', square(12, 0, 14, 2), group_id=3),
            shape('lamp', [[17, 8], [18, 9]], 'mask', mask=mask),
            shape('lamp', [[4, 7], [6, 7]], 'circle'),
            shape('__ignore__', square(0, 0, 1, 1)),
        ],
    )
    ann_file = tmp_path / 'out/panoptic_train.json'
    report = convert_labelme(str(folder), str(ann_file), ['road'])
    content = json.loads(ann_file.read_text())
    assert [(x['name'], x['isthing']) for x in content['categories']] == [
        ('car', 1),
        ('lamp', 1),
        ('road', 0),
    ]
    (annotation,) = read_back(ann_file, folder)
    areas = sorted(
        (content['categories'][x['category_id'] - 1]['name'], x['area'])
        for x in annotation['segments_info']
    )
    # The circle of radius 2 has 12 pixels, like its square without the corners.
    assert areas == [
        *(('car', 8), ('car', 12), ('lamp', 3), ('lamp', 12), ('road', 85))
    ]
    ids = annotation['ids']
    assert ids[0, 8] == ids[1, 13] > 0
    assert ids[8, 17] > 0
    assert ids[8, 17] == ids[9, 18] != ids[8, 18]
    assert content['images'][0]['file_name'] == 'a b/straße.jpg'
    assert 'objects: 5 read, 4 written, 1 left out' in report.summary()
    assert '1 that mean unlabelled' in report.summary()


def test_classes_of_all_splits(write, tmp_path):
    folder = write('train/a', [shape('b', square(0, 0, 5, 5))])
    write('val/a', [shape('a', square(0, 0, 5, 5)), shape('c', square(0, 0, 9, 9))])
    (folder / 'notes.json').write_text('no JSON')
    (folder / 'list.json').write_text('[{"shapes": 1}]')
    report = convert_labelme(
        str(folder / 'train'), str(tmp_path / 't.json'), ['c'], label_folder=str(folder)
    )
    content = json.loads((tmp_path / 't.json').read_text())
    assert [x['isthing'] for x in content['categories']] == [1, 1, 0]
    assert 'Categories without a segment: a, c.' in report.summary()


def test_a_class_list(write, tmp_path):
    folder = write('a', [shape('b', square(0, 0, 5, 5))])
    train = tmp_path / 'train.json'
    train.write_text(
        json.dumps([dict(id=4, name='a', isthing=1), dict(id=9, name='b', isthing=0)])
    )
    convert_labelme(str(folder), str(tmp_path / 'val.json'), (), str(train))
    (annotation,) = json.loads((tmp_path / 'val.json').read_text())['annotations']
    assert [x['category_id'] for x in annotation['segments_info']] == [9]
    write('a', [shape('c', square(0, 0, 5, 5))])
    with pytest.raises(ValueError, match=r"1 of an unknown class, .*label 'c' is not"):
        convert_labelme(str(folder), str(tmp_path / 'c.json'), (), str(train))
    with pytest.raises(ValueError, match=r"label 'sky', which is to be stuff.* are c"):
        convert_labelme(str(folder), str(tmp_path / 'other.json'), ['sky'])


def test_smaller_stuff_covers_larger(write, tmp_path, read_back):
    small, large = shape('path', square(4, 2, 8, 6)), shape('road', square(0, 0, 12, 8))
    for number, shapes in enumerate(([small, large], [large, small])):
        folder = write('a', shapes)
        ann_file = tmp_path / f'{number}.json'
        convert_labelme(str(folder), str(ann_file), ['path', 'road'])
        (annotation,) = read_back(ann_file, folder)
        areas = {x['category_id']: x['area'] for x in annotation['segments_info']}
        assert areas == {1: 16, 2: 96 - 16}


@pytest.mark.parametrize(
    ('corner', 'where'),
    [((-1, -2), np.s_[:2, :3]), ((18, 7), np.s_[7:, 18:]), ((3, 2), np.s_[2:6, 3:7])],
)
def test_masks_may_reach_over_the_border(write, tmp_path, read_back, corner, where):
    buffer = io.BytesIO()
    Image.fromarray(np.full((4, 4), True)).save(buffer, 'PNG')
    mask = base64.b64encode(buffer.getvalue()).decode()
    points = [list(corner), [corner[0] + 3, corner[1] + 3]]
    folder = write('a', [shape('car', points, 'mask', mask=mask)])
    convert_labelme(str(folder), str(tmp_path / 'out.json'))
    (annotation,) = read_back(tmp_path / 'out.json', folder)
    expected = np.zeros((10, 20), bool)
    expected[where] = True
    assert ((annotation['ids'] > 0) == expected).all()


@pytest.mark.parametrize('group', [None, '', ' '])
def test_shapes_without_a_group_are_objects_alone(write, tmp_path, group):
    shapes = [shape('car', square(x, 0, x + 2, 2), group_id=group) for x in (0, 8)]
    report = convert_labelme(str(write('a', shapes)), str(tmp_path / 'out.json'))
    assert 'objects: 2 read, 2 written' in report.summary()


def test_files_from_elsewhere(write, tmp_path):
    # Windows' paths, a folder that is gone, numbers as texts, no sizes.
    changes = dict(imagePath='..\\photos\\a.jpg', imageHeight='10', imageWidth=20.0)
    folder = write('a', [shape('x', square(0, 0, 5, 5), group_id='1')], **changes)
    write('b', [shape('x', square(0, 0, 5, 5))], imageHeight=None, shapes=[])
    report = convert_labelme(str(folder), str(tmp_path / 'out.json'))
    assert 'images: 2 read, 2 written' in report.summary()


@pytest.mark.parametrize(
    ('bad', 'message'),
    [
        (shape('x', [[1, 1], [9, 9]], 'line'), '1 that are points or lines'),
        (shape('x', [[1, 1], [9, 9]]), '1 that cannot be drawn.*at least 3 points'),
        (shape('x', [[1, 1], [None, 9], [3, 3]]), r'no list of \[x, y\]'),
        (shape('x', None), r'no list of \[x, y\]'),
        (shape('x', [[1, 1], [9, 9], [5, 5]], 'circle'), 'circle has 3 points'),
        (shape('x', [[1, 1]], 'rectangle'), 'rectangle has 1 points instead of 2'),
        (shape('x', square(1, 1, 5, 5), 'star'), "`shape_type` 'star' is unknown"),
        (shape('x', [[1, 1], [2, 2]], 'mask', mask='%%'), 'no PNG in base64'),
        (shape('x', [[1, 1], [2, 2]], 'mask'), 'no PNG in base64'),
        (shape('x', square(50, 50, 60, 60)), None),
    ],
)
def test_shapes_that_cannot_be_converted(write, tmp_path, bad, message):
    folder = write('a', [bad, shape('x', square(0, 0, 5, 5))])
    out = tmp_path / 'out.json'
    if message is not None:
        with pytest.raises(ValueError, match=f'1 shapes cannot.*{message}.*--skip-inv'):
            convert_labelme(str(folder), str(out))
        assert not out.exists()
    summary = convert_labelme(str(folder), str(out), skip_invalid=True).summary()
    assert 'objects: 2 read, 1 written, 1 left out' in summary


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        (dict(imagePath='none.jpg'), 'the image none.jpg, which does not exist'),
        (dict(imagePath=None), 'lacks `imagePath`'),
        (dict(shapes=None), 'lacks `shapes` as a list'),
        (dict(shapes=[dict(points=[])]), r'shapes\[0\] of .*has no `label`'),
        (dict(shapes=[shape(' ', square(0, 0, 5, 5))]), 'has no `label`'),
        (dict(imageWidth=30), 'is 20 x 10 pixels, but its shapes were drawn on 30'),
        (dict(imageWidth=10, imageHeight=20), 'shapes were drawn on 10 x 20'),
        (dict(imagePath='../../o.jpg'), 'give the folder of the images as --image-dir'),
    ],
)
def test_files_that_cannot_be_converted(write, tmp_path, changes, message):
    Image.new('RGB', (20, 10)).save(tmp_path.parent / 'o.jpg')
    write('good', [shape('x', square(0, 0, 5, 5))])
    folder = write('a', [], **changes)
    out = tmp_path / 'out.json'
    with pytest.raises(ValueError, match=message):
        convert_labelme(str(folder), str(out))
    summary = convert_labelme(str(folder), str(out), skip_invalid=True).summary()
    assert 'images: 2 read, 1 written, 1 left out' in summary


@pytest.mark.parametrize('size', [(20, 10), (10, 20)])
def test_turned_photographs(write, tmp_path, size):
    exif = Image.Exif()
    exif[274] = 6
    corner = [shape('x', square(0, 0, 5, 2))]
    folder = write('a', corner, exif, imageHeight=size[0], imageWidth=size[1])
    stored = size == (10, 20)
    options = dict(mask_orientation='stored') if stored else {}
    out = tmp_path / 'out.json'
    if stored:
        with pytest.raises(ValueError, match='EXIF orientation 6'):
            convert_labelme(str(folder), str(out))
    convert_labelme(str(folder), str(out), **options)
    content = json.loads(out.read_text())
    assert (content['images'][0]['height'], content['images'][0]['width']) == (20, 10)
    (segment,) = content['annotations'][0]['segments_info']
    # Turned clockwise, the upper left corner is the upper right one.
    assert segment['bbox'] == ([8, 0, 2, 5] if stored else [0, 0, 5, 2])


def test_no_files(tmp_path):
    with pytest.raises(FileNotFoundError, match='no JSON files in'):
        convert_labelme(str(tmp_path), str(tmp_path / 'out.json'))
