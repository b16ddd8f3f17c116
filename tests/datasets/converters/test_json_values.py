from epsnet_mm.datasets.converters.json_values import (
    by_value,
    read_flag,
    read_id,
    read_json,
)

import pytest


@pytest.mark.parametrize(
    ('value', 'expected'),
    [
        (7, 7),
        (7.0, 7),
        ('7', 7),
        ('000000000139', 139),
        ('-3', -3),
        (0, 0),
        ('0', 0),
        ('frame_7', 'frame_7'),
        ('7a', '7a'),
        ('1_0', '1_0'),
        ('9' * 5000, '9' * 5000),
        (7.5, None),
        (float('nan'), None),
        (float('inf'), None),
        (True, None),
        (None, None),
        ([7], None),
        ({}, None),
    ],
)
def test_ids_by_value(value, expected):
    assert read_id(value) == expected


@pytest.mark.parametrize(
    ('value', 'expected'),
    [
        (0, False),
        (1, True),
        ('0', False),
        ('1', True),
        (0.0, False),
        (True, True),
        (False, False),
        (None, False),
        (2, None),
        ('true', None),
        ('', None),
        ([], None),
        (-1, None),
    ],
)
def test_flags_by_value(value, expected):
    assert read_flag(value) is expected


def test_json(tmp_path):
    path = tmp_path / 'a.json'
    path.write_bytes(b'\xef\xbb\xbf[1]')
    assert read_json(str(path), 'class list') == [1]
    with pytest.raises(FileNotFoundError, match=r'The class list .*none.json'):
        read_json(str(tmp_path / 'none.json'), 'class list')
    with pytest.raises(FileNotFoundError, match='does not exist'):
        read_json(str(tmp_path), 'class list')


@pytest.mark.parametrize('content', [b'{', b'\xff\xfe', b'[' * 100_000, b''])
def test_no_json(tmp_path, content):
    path = tmp_path / 'a.json'
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r'a.json is not a valid JSON'):
        read_json(str(path), 'class list')


def test_entries_by_value():
    entry = dict(id='007', height=4.0, iscrowd='0', category_id=[1], name='5')
    assert by_value(entry) == dict(id=7, height=4, iscrowd=0, category_id=[1], name='5')
    assert entry['id'] == '007'
    assert by_value(dict(iscrowd='yes')) == dict(iscrowd='yes')
    assert by_value(3) == 3
