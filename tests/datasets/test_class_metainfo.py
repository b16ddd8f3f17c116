"""Classes of a file and of a config, put together."""

from epsnet_mm.datasets.class_metainfo import label_classes

import pytest


def without_kinds(content):
    return [{k: v for k, v in x.items() if k != 'isthing'} for x in content]


def test_file_alone(content):
    categories, metainfo = label_classes(content['categories'], {}, 'p.json')
    assert [category['id'] for category in categories] == [3, 9, 7, 5]
    assert metainfo['classes'] == ('car', 'person', 'grass', 'sky')
    assert metainfo['stuff_classes'] == ('grass', 'sky')


def test_kinds_of_the_config(content):
    given = dict(thing_classes=['person', 'sky'], palette='random')
    bare = without_kinds(content['categories'])
    categories, metainfo = label_classes(bare, given, 'p.json')
    # Things as in the config, then stuff as in the file.
    assert metainfo['classes'] == ('person', 'sky', 'grass', 'car')
    assert [category['id'] for category in categories] == [9, 5, 7, 3]
    assert metainfo['stuff_classes'] == ('grass', 'car')
    assert metainfo['palette'] == 'random'
    given['stuff_classes'] = ['car', 'grass']
    _, metainfo = label_classes(bare, given, 'p.json')
    assert metainfo['classes'] == ('person', 'sky', 'car', 'grass')


def test_kinds_that_nothing_tells(content):
    categories, metainfo = label_classes(
        without_kinds(content['categories']), {}, 'p.json'
    )
    assert metainfo.keys() == {'classes', 'palette'}
    assert metainfo['classes'] == tuple(category['name'] for category in categories)


@pytest.mark.parametrize('key', ['classes', 'thing_classes', 'stuff_classes'])
def test_disagreement(content, key):
    with pytest.raises(ValueError, match=rf'`metainfo.{key}`.* 1 classes .*p.json'):
        label_classes(content['categories'], {key: ('car',)}, 'p.json')


def test_too_many():
    many = [dict(id=i, name=str(i), isthing=0) for i in range(1000)]
    with pytest.raises(ValueError, match='1000 categories'):
        label_classes(many, {}, 'p.json')
