"""Class lists in the forms in which people have them."""

import json

from epsnet_runtime.class_info import coco_categories, load_classes, make_classes

import pytest

ENTRIES = [
    dict(name='disc', isthing=1, color='#0102ff', id=7),
    dict(name='sand', isthing=False, color=None, id=30),
]


def test_values():
    disc, sand = make_classes(ENTRIES)
    assert (disc.name, disc.isthing, disc.color, disc.id) == (
        'disc',
        True,
        (1, 2, 255),
        7,
    )
    assert sand.isthing is False
    assert len(sand.color) == 3
    assert coco_categories([disc]) == [
        dict(id=7, name='disc', isthing=1, color=[1, 2, 255])
    ]


def test_without_ids_they_are_numbered():
    entries = [ENTRIES[0], dict(ENTRIES[1], id=None)]
    assert [entry.id for entry in make_classes(entries)] == [1, 2]


@pytest.mark.parametrize('key', [None, 'categories', 'classes'])
def test_files(tmp_path, key):
    path = tmp_path / 'classes.json'
    path.write_text(json.dumps({key: ENTRIES} if key else ENTRIES))
    assert [entry.name for entry in load_classes(path)] == ['disc', 'sand']


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('{', 'not a valid JSON file'),
        ('{"images": []}', 'holds no list of classes'),
        ('[1]', 'holds no list of classes'),
        ('[]', 'no categories'),
        ('[{"name": "a", "isthing": "yes"}]', 'isthing'),
    ],
)
def test_errors(tmp_path, text, message):
    path = tmp_path / 'classes.json'
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        load_classes(path)
