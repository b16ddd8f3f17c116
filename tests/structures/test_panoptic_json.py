import json

from epsnet_mm.structures.panoptic_json import (
    check_files_exist,
    read_panoptic_json,
    structure_problems,
    write_panoptic_json,
)

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


def test_all_problems_are_found_at_once(content):
    assert not list(structure_problems(content))
    content['categories'][0].update(id=3)
    content['categories'][1].pop('isthing')
    content['images'].append(dict(id=3, file_name='c.jpeg', width=6))
    found = list(structure_problems(content))
    assert len(found) == 4
    for text, problem in zip(
        ('have the id 3', 'lacks `isthing`', 'lacks `height`', '1 images have no'),
        found,
        strict=True,
    ):
        assert text in problem


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
