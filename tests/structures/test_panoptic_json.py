import json

from epsnet_mm.structures.panoptic_json import (
    check_files_exist,
    read_panoptic_json,
)
from epsnet_runtime.coco.panoptic_json import write_panoptic_json

import pytest


def read(tmp_path, content, **kwargs):
    path = tmp_path / 'panoptic.json'
    path.write_text(json.dumps(content))
    return read_panoptic_json(str(path), **kwargs)


def test_reads_valid_file(tmp_path, content):
    assert read(tmp_path, content) == content


def test_missing_and_corrupt_files(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'none.json does not exist'):
        read_panoptic_json(str(tmp_path / 'none.json'))
    (tmp_path / 'cut.json').write_text('{"images": [')
    with pytest.raises(ValueError, match=r'cut.json is not a valid JSON'):
        read_panoptic_json(str(tmp_path / 'cut.json'))


def test_other_formats(tmp_path, content):
    with pytest.raises(ValueError, match='lacks images, categories'):
        read(tmp_path, [1, 2])
    content['annotations'] = [dict(image_id=1, bbox=[0, 0, 1, 1])]
    with pytest.raises(ValueError, match=r'use panoptic_\*.json'):
        read(tmp_path, content)


def test_annotations_are_optional_for_test_sets(tmp_path, content):
    del content['annotations']
    assert 'annotations' not in read(tmp_path, content, with_segments=False)
    with pytest.raises(ValueError, match='lacks annotations'):
        read(tmp_path, content)


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (lambda c: c['categories'].clear(), 'no categories'),
        (lambda c: c['categories'][0].pop('isthing'), 'lacks `isthing`'),
        (lambda c: c['categories'][0].update(id=3), 'have the id 3'),
        (lambda c: c['categories'][0].update(name='car'), "have the name 'car'"),
        (lambda c: c['images'][0].pop('height'), 'lacks `height`'),
        (lambda c: c['images'][0].update(id=2), 'images have the image id 2'),
        (
            lambda c: c['annotations'][0].update(image_id=2),
            'annotations have the image id 2',
        ),
        (lambda c: c['annotations'].pop(), '1 images have no annotation'),
    ],
)
def test_bad_content(tmp_path, content, change, message):
    change(content)
    with pytest.raises(ValueError, match=message):
        read(tmp_path, content)


@pytest.mark.parametrize(
    ('data', 'message'),
    [
        (b'\xff\xfe{}', 'no UTF-8 at byte 0'),
        (b'[' * 100_000, 'is not a valid JSON'),
        (b'', 'is not a valid JSON'),
        (b'null', 'lacks images'),
        (b'{"images": 3, "annotations": [], "categories": []}', 'images is 3, but'),
        (b'{"images": [], "annotations": null, "categories": []}', 'annotations is No'),
        (b'{"images": [], "annotations": [], "categories": {}}', 'categories is {}'),
    ],
)
def test_content_of_any_type(tmp_path, data, message):
    (tmp_path / 'a.json').write_bytes(data)
    with pytest.raises(ValueError, match=rf'a.json.*{message}'):
        read_panoptic_json(str(tmp_path / 'a.json'))


def test_byte_order_mark_is_no_fault(tmp_path, content):
    path = tmp_path / 'bom.json'
    path.write_text(json.dumps(content), encoding='utf-8-sig')
    assert read_panoptic_json(str(path)) == content


def test_segments_are_checked_on_request(tmp_path, content):
    content['annotations'][1]['segments_info'][0]['iscrowd'] = '0'
    assert read(tmp_path, content) == content
    message = r"annotations\[1\].segments_info\[0\].iscrowd is '0', but must be 0 or 1"
    with pytest.raises(ValueError, match=message):
        read(tmp_path, content, check_segments=True)


def test_written_file_can_be_read(tmp_path, content):
    path = tmp_path / 'new/a.json'
    parts = (content['images'], content['annotations'], content['categories'])
    write_panoptic_json(path, *parts)
    assert json.loads(path.read_text()) == content
    assert read_panoptic_json(str(path)) == content
    write_panoptic_json(path, *parts, description='why')
    assert json.loads(path.read_text())['info'] == dict(description='why')
    assert [x.name for x in path.parent.iterdir()] == ['a.json']


def test_check_files_exist(tmp_path):
    (tmp_path / 'sub').mkdir()
    (tmp_path / 'a.png').touch()
    (tmp_path / 'sub/b.png').touch()
    paths = [str(tmp_path / name) for name in ('a.png', 'sub/b.png')]
    check_files_exist(paths, 'x.json', 'images', 'key')
    paths += [str(tmp_path / name) for name in ('b.png', 'none/c.png')]
    with pytest.raises(FileNotFoundError) as error:
        check_files_exist(paths, 'x.json', 'images', 'key')
    assert '2 of the 4 images listed in x.json' in str(error.value)
    assert str(tmp_path / 'none/c.png') in str(error.value)
    assert '`key`' in str(error.value)
