"""Two datasets that should have the same classes, and no common image."""

import copy
import json

from epsnet_mm.datasets.validation.dataset_comparison import compare_datasets

import pytest


@pytest.fixture
def compare(content, write_files):
    """`compare(change)`: the differences to a changed copy with its own images."""
    root = write_files(content)
    for name in 'ab':
        # Another image than the first dataset's.
        (root / f'img/other_{name}.jpeg').write_text(name)

    def _compare(change):
        other = copy.deepcopy(content)
        for image in other['images']:
            image['file_name'] = 'other_' + image['file_name']
        change(other)
        (root / 'other.json').write_text(json.dumps(other))
        images = str(root / 'img')
        return list(compare_datasets(content, images, str(root / 'other.json'), images))

    return _compare


def test_nothing_in_common(compare):
    assert not compare(lambda other: None)
    assert not compare(lambda other: other.pop('annotations'))


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (
            lambda c: c['categories'].reverse(),
            'categories[0].id is 7, but 9 in',
        ),
        (
            lambda c: c['categories'][1].update(name='van'),
            "categories[1].name is 'car', but 'van' in",
        ),
        (lambda c: c['categories'][1].update(isthing=0), 'categories[1].isthing is 1'),
        (lambda c: c['categories'].pop(), 'categories[3].id is 9, but None in'),
        (lambda c: c['categories'].append(5), 'categories[4] 5 is no object'),
        (
            lambda c: c['images'][0].update(file_name='a.jpeg'),
            'a.jpeg, too; remove it',
        ),
    ],
)
def test_differences(compare, change, message):
    (found,) = compare(change)
    assert message in found
    assert 'other.json' in found


def test_test_file_without_isthing(compare):
    def change(other):
        for category in other['categories']:
            del category['isthing']

    assert not compare(change)


def test_image_under_two_names(compare, tmp_path):
    (tmp_path / 'img/other_b.jpeg').write_bytes((tmp_path / 'img/b.jpeg').read_bytes())
    (tmp_path / 'img/a.jpeg').write_text('unlike b')
    (found,) = compare(lambda other: None)
    assert 'b.jpeg under the name' in found
    assert 'other_b.jpeg' in found


def test_file_that_is_none(compare, content, tmp_path):
    with pytest.raises(FileNotFoundError, match=r'none.json does not exist'):
        list(compare_datasets(content, '', str(tmp_path / 'none.json'), ''))
