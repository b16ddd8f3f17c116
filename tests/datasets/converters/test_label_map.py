import json

from epsnet_mm.datasets.converters.label_map import (
    list_images,
    read_classes,
    read_label_map,
)

import numpy as np
import pytest
from PIL import Image

CATEGORIES = [
    dict(id=0, name='sky', isthing=0, color=[0, 0, 9]),
    dict(id=4, name='car', isthing=1, color=[7, 0, 0]),
]


@pytest.mark.parametrize('wrap', [list, lambda x: dict(categories=x)])
def test_classes(tmp_path, wrap):
    path = tmp_path / 'classes.json'
    path.write_text(json.dumps(wrap(CATEGORIES)))
    assert read_classes(str(path)) == CATEGORIES


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('{', 'not valid JSON'),
        ('{"images": []}', 'must be a list of categories'),
        ('[]', 'no categories'),
        ('[{"id": 1, "name": "car"}]', 'lacks `isthing`'),
    ],
)
def test_bad_classes(tmp_path, text, message):
    path = tmp_path / 'classes.json'
    path.write_text(text)
    with pytest.raises(ValueError, match=f'classes.json.*{message}'):
        read_classes(str(path))
    with pytest.raises(FileNotFoundError, match=r'none.json'):
        read_classes('none.json')


def test_images_are_listed_with_their_folders(tmp_path):
    (tmp_path / 'b').mkdir()
    for name in ('c.JPG', 'b/a.png', 'notes.txt'):
        (tmp_path / name).touch()
    assert list_images(str(tmp_path)) == ['b/a.png', 'c.JPG']
    with pytest.raises(FileNotFoundError, match='no images'):
        list_images(str(tmp_path / 'none'))


def save(path, values, palette=False):
    image = Image.fromarray(np.array(values, np.uint8))
    if palette:
        image = image.convert('L')
        image.putpalette(list(range(256)) * 3)
        assert image.mode == 'P'
    image.save(path)
    return str(path)


@pytest.mark.parametrize('palette', [False, True])
def test_grey_values_and_palette_indices(tmp_path, palette):
    path = save(tmp_path / 'a.png', [[0, 4], [255, 4]], palette)
    assert read_label_map(path, CATEGORIES, [0, 255]).tolist() == [[0, 4], [-1, 4]]
    # A value that is a class is never unlabelled.
    with pytest.raises(ValueError, match=r'a.png has the value 255.*--ignore 255'):
        read_label_map(path, CATEGORIES, [0])


def test_colours(tmp_path):
    path = save(tmp_path / 'a.png', [[[0, 0, 9], [7, 0, 0]], [[0, 0, 0]] * 2])
    assert read_label_map(path, CATEGORIES, []).tolist() == [[0, 4], [-1, -1]]
    with pytest.raises(ValueError, match='car has no `color`'):
        read_label_map(path, [dict(id=4, name='car')], [])
    with pytest.raises(ValueError, match='the colour #070000'):
        read_label_map(path, CATEGORIES[:1], [])


def test_missing_and_odd_masks(tmp_path):
    with pytest.raises(ValueError, match=r'Cannot read the mask none.png'):
        read_label_map('none.png', CATEGORIES, [])
    Image.new('LA', (2, 2)).save(tmp_path / 'a.png')
    with pytest.raises(ValueError, match=r'a.png has 2 channels'):
        read_label_map(str(tmp_path / 'a.png'), CATEGORIES, [])
