from epsnet_runtime.coco.categories import (
    categories_of_classes,
    category_color,
    category_problems,
    order_categories,
    panoptic_metainfo,
    plain_categories,
    shared_colors,
)

import pytest


def test_problems(content):
    categories = content['categories']
    assert not list(category_problems(categories))
    (problem,) = category_problems([])
    assert 'no categories' in problem
    del categories[0]['name']
    categories[1]['id'] = categories[2]['id']
    first, second = category_problems(categories)
    assert f'have the id {categories[2]["id"]}' in first
    assert 'lacks `name`' in second


@pytest.mark.parametrize(
    ('wrong', 'message'),
    [
        (dict(isthing='0'), 'an `isthing` beyond 0 and 1'),
        (dict(isthing=2), 'an `isthing` beyond 0 and 1'),
        (dict(isthing=None), 'an `isthing` beyond 0 and 1'),
        (dict(id='4'), 'an `id` that is no integer'),
        (dict(id=True), 'an `id` that is no integer'),
        (dict(id=[4]), 'an `id` that is no integer'),
        (dict(name=5), 'a `name` that is no text'),
        (dict(name=' '), 'a `name` that is no text'),
        (dict(name=['car']), 'a `name` that is no text'),
        (dict(color=[1, 2, 3, 255]), 'a `color` that is not three numbers'),
        (dict(color=[0.5, 0, 0]), 'a `color` that is not three numbers'),
        (dict(color=[1, 2, 256]), 'a `color` that is not three numbers'),
        (dict(color='red'), 'a `color` that is not three numbers'),
        (dict(color=7), 'a `color` that is not three numbers'),
    ],
)
def test_values_of_the_wrong_form(wrong, message):
    category = dict(id=4, name='car', isthing=1, color=[1, 2, 3])
    assert not list(category_problems([category]))
    (problem,) = category_problems([category | wrong])
    assert message in problem


@pytest.mark.parametrize('categories', ['car', None, {}, 5])
def test_no_list(categories):
    (problem,) = category_problems(categories)
    assert 'is no list' in problem


def test_category_that_is_no_object():
    (problem,) = category_problems(['car'])
    assert "'car' is no object" in problem


def test_colors():
    assert category_color(dict(color='#00fF80')) == (0, 255, 128)
    assert category_color(dict(color=[0, 255, 128])) == (0, 255, 128)
    assert category_color({}) is None
    red, same = dict(name='a', color='#ff0000'), dict(name='b', color=[255, 0, 0])
    (problem,) = shared_colors([red, dict(name='c'), same, dict(name='d')])
    assert 'a, b have the same `color` [255, 0, 0]' in problem
    assert not list(shared_colors([red, dict(name='c')]))


def test_plain_categories():
    given = [
        dict(id=1, name='a', isthing=True, color='#0000ff', supercategory='x'),
        dict(id=2, name='b', isthing=0, color=None),
    ]
    assert plain_categories(given) == [
        dict(id=1, name='a', isthing=1, color=[0, 0, 255], supercategory='x'),
        dict(id=2, name='b', isthing=0),
    ]
    assert given[0]['color'] == '#0000ff'
    assert panoptic_metainfo(given)['palette'][0] == (0, 0, 255)


def test_metainfo_is_things_first(content):
    del content['categories'][2]['color']
    ordered = order_categories(content['categories'])
    assert [category['id'] for category in ordered] == [3, 9, 7, 5]
    metainfo = panoptic_metainfo(ordered)
    palette = metainfo.pop('palette')
    assert metainfo == dict(
        classes=('car', 'person', 'grass', 'sky'),
        thing_classes=('car', 'person'),
        stuff_classes=('grass', 'sky'),
    )
    assert palette[:3] == [(4, 5, 6), (10, 11, 12), (1, 2, 3)]


def test_palette_without_colors_is_distinct():
    categories = [dict(name=str(i), isthing=1) for i in range(133)]
    palette = panoptic_metainfo(categories)['palette']
    assert len(set(palette)) == 133
    assert all(0 <= value <= 255 for color in palette for value in color)


META = dict(classes=('disc', 'sand'), thing_classes=('disc',))


def test_categories_of_classes():
    assert categories_of_classes(META, dict(sand=30, disc=7, more=8)) == [
        dict(id=7, name='disc', isthing=1),
        dict(id=30, name='sand', isthing=0),
    ]
    ids = [category['id'] for category in categories_of_classes(META, None)]
    assert ids == [1, 2]


def test_class_that_the_file_lacks():
    with pytest.raises(ValueError, match="named 'sand'"):
        categories_of_classes(META, dict(disc=7))
