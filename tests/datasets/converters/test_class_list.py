import json

from epsnet_mm.datasets.converters.class_list import read_classes

import pytest

CATEGORIES = [
    dict(id=0, name='sky', isthing=0, color=[0, 0, 9]),
    dict(id=4, name='car', isthing=1, color=[7, 0, 0]),
]


@pytest.mark.parametrize('wrap', [list, lambda x: dict(categories=x)])
def test_classes(tmp_path, wrap):
    path = tmp_path / 'classes.json'
    path.write_text(json.dumps(wrap(CATEGORIES)))
    assert read_classes(str(path)) == CATEGORIES


def test_hex_colors_become_numbers(tmp_path):
    path = tmp_path / 'classes.json'
    path.write_text('[{"id": 1, "name": "car", "isthing": true, "color": "#0a00FF"}]')
    expected = [dict(id=1, name='car', isthing=1, color=[10, 0, 255])]
    assert read_classes(str(path)) == expected


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('{', 'not a valid JSON'),
        ('{"images": []}', 'must be a list of categories'),
        ('[]', 'no categories'),
        ('[3]', '3 is no object'),
        ('[{"id": 1, "name": "car"}]', 'lacks `isthing`'),
        ('[{"id": 1, "name": "car", "isthing": "0"}]', 'beyond 0 and 1'),
        ('[{"id": 1, "name": 5, "isthing": 0}]', 'a `name` that is no text'),
        (
            '[{"id": 1, "name": "car", "isthing": 0, "color": [1, 2, 3, 4]}]',
            'not three numbers',
        ),
        (
            '[{"id": 1, "name": "car", "isthing": 1, "color": [255, 0, 0]},'
            ' {"id": 2, "name": "sky", "isthing": 0, "color": "#ff0000"}]',
            'car, sky have the same `color`',
        ),
        # -1 marks pixels without a label in the maps of the converters.
        ('[{"id": -1, "name": "car", "isthing": 1}]', 'car has the id -1'),
        (f'[{{"id": {2**63}, "name": "car", "isthing": 1}}]', 'values of masks are 0'),
    ],
)
def test_bad_classes(tmp_path, text, message):
    path = tmp_path / 'classes.json'
    path.write_text(text)
    with pytest.raises(ValueError, match=f'classes.json.*{message}'):
        read_classes(str(path))
    with pytest.raises(FileNotFoundError, match=r'none.json'):
        read_classes('none.json')
