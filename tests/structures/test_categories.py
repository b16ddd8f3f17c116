from epsnet_mm.structures.categories import (
    categories_of_classes,
    category_problems,
    order_categories,
    panoptic_metainfo,
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
