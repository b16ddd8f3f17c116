from pathlib import Path

from epsnet_mm.datasets.converters.conversion_report import (
    ConversionReport,
    InvalidItemError,
)
from epsnet_mm.datasets.converters.mask_pairs import MaskPairs, list_images

import pytest


def test_images_are_listed_with_their_folders(tmp_path):
    (tmp_path / 'b').mkdir()
    for name in ('c.JPG', 'b/a.png', 'notes.txt'):
        (tmp_path / name).touch()
    assert list_images(str(tmp_path)) == ['b/a.png', 'c.JPG']
    with pytest.raises(FileNotFoundError, match='no images'):
        list_images(str(tmp_path / 'none'))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / 'sub').mkdir()
    for name in ('a_m.png', 'sub/a_m.png', 'old_m.png', 'b.png'):
        (tmp_path / name).touch()
    return tmp_path


def pair(names, folder, skip_invalid=False):
    report = ConversionReport()
    return MaskPairs(names, str(folder), '_m.png', skip_invalid, report), report.masks


def test_pairs(folder):
    pairs, counted = pair(['a.jpg', 'sub/a.jpg'], folder)
    assert Path(pairs.path('a.jpg')) == folder / 'a_m.png'
    assert Path(pairs.path('sub/a.jpg')) == folder / 'sub/a_m.png'
    assert counted.num_read == 3
    assert counted.reasons() == ['1 without an image, e.g. old_m.png']


def test_images_without_a_mask(folder):
    names = ['a.jpg', 'b.jpg', 'c.jpg']
    with pytest.raises(ValueError, match=r'2 of 3 images have no mask, e.g. b.jpg'):
        pair(names, folder)
    pairs, _ = pair(names, folder, skip_invalid=True)
    assert 'a.jpg' in pairs
    assert 'b.jpg' not in pairs
    with pytest.raises(InvalidItemError, match=r'b.jpg lacks .*b_m.png'):
        pairs.path('b.jpg')


def test_no_image_has_a_mask(folder):
    for where in (folder, folder / 'none'):
        with pytest.raises(ValueError, match='1 of 1 images have no mask'):
            pair(['z.jpg'], where, skip_invalid=True)


def test_two_images_with_one_mask(folder):
    pairs, _ = pair(['a.jpg', 'a.png'], folder)
    assert pairs.path('a.jpg')
    assert 'a.png' not in pairs
    with pytest.raises(InvalidItemError, match=r'a.png and a.jpg would share'):
        pairs.path('a.png')
