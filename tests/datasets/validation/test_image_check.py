"""One image with each fault in turn."""

from epsnet_mm.datasets.validation.image_check import ImageEntry, check_image
from tests.tiny_panoptic import CATEGORIES, FIRST_IDS, segment, write_ids

import cv2
import numpy as np
import pytest
from PIL import Image

KNOWN = {category['id']: category for category in CATEGORIES}
IMAGE, PNG = 'img/a.jpeg', 'seg/a_panoptic.png'


@pytest.fixture
def entry(content, write_files):
    """The first image; its files are good."""
    root = write_files(content)
    return ImageEntry(
        content['images'][0],
        content['annotations'][0],
        str(root / IMAGE),
        str(root / PNG),
    )


def test_nothing_wrong(entry):
    found = check_image(entry, KNOWN)
    assert not found.problems
    assert not found.wrong_measures
    assert not found.corrections


def change_image(entry, size):
    cv2.imwrite(entry.image_path, np.zeros((*size, 3), np.uint8))


def change_png(entry, ids):
    write_ids(entry.png_path, ids)


def cut(path):
    with open(path, 'r+b') as file:
        file.truncate(60)


def add(entry, *values, **kwargs):
    entry.annotation['segments_info'].append(segment(*values, **kwargs))


def change(entry, position, **values):
    entry.annotation['segments_info'][position].update(values)


@pytest.mark.parametrize(
    ('seed', 'file', 'message'),
    [
        (
            lambda e: setattr(e, 'image_path', 'x/none.jpeg'),
            'x/none.jpeg',
            'is missing',
        ),
        (lambda e: setattr(e, 'png_path', 'x/none.png'), 'x/none.png', 'is missing'),
        (lambda e: cut(e.image_path), IMAGE, 'Cannot read'),
        (lambda e: cut(e.png_path), PNG, 'cannot be decoded'),
        (
            lambda e: cv2.imwrite(e.png_path, np.zeros((4, 6), np.uint8)),
            PNG,
            'instead of 8-bit RGB',
        ),
        (lambda e: e.image.update(width=7), IMAGE, 'says 7 x 4'),
        (
            lambda e: change_png(e, FIRST_IDS[:3]),
            PNG,
            'is 6 x 3 pixels, its image 6 x 4',
        ),
        (
            lambda e: change_png(e, np.where(FIRST_IDS == 0, 77, FIRST_IDS)),
            PNG,
            '2 pixels of the segment id 77',
        ),
        (
            lambda e: add(e, 77, 3, [0, 0, 1, 1], 1),
            PNG,
            'no pixel of the segment id 77',
        ),
        (lambda e: add(e, 20, 9, [0, 0, 4, 3], 8), PNG, '2 segments have the id 20'),
        (
            lambda e: change(e, 0, category_id=99),
            PNG,
            'annotation.segments_info[0].category_id is the unknown category 99',
        ),
        (
            lambda e: change(e, 0, category_id=7),
            PNG,
            '2 segments of the stuff class grass',
        ),
        (lambda e: change(e, 0, iscrowd=1), PNG, 'crowd of the stuff class sky'),
        (
            lambda e: change(e, 1, iscrowd=3),
            PNG,
            'annotation.segments_info[1].iscrowd is 3, but must be 0 or 1',
        ),
        (
            lambda e: e.annotation['segments_info'][1].pop('category_id'),
            PNG,
            'lacks `category_id`',
        ),
    ],
)
def test_one_fault_is_one_problem(entry, seed, file, message):
    seed(entry)
    found = check_image(entry, KNOWN)
    (problem,) = found.problems
    assert file in problem
    assert message in problem
    assert not found.wrong_measures


@pytest.mark.parametrize('segment_id', [0, 256**3, '20'])
def test_impossible_ids(entry, segment_id):
    change(entry, 0, id=segment_id)
    problems = check_image(entry, KNOWN).problems
    assert any('must be an integer from 1' in problem for problem in problems)


def test_wrong_sizes_come_with_their_correction(entry):
    change(entry, 0, area=9)
    change(entry, 1, bbox=[1, 1, 2, 3])
    entry.annotation['segments_info'][3].pop('area')
    found = check_image(entry, KNOWN)
    assert not found.problems
    assert len(found.wrong_measures) == 3
    assert all(PNG in problem for problem in found.wrong_measures)
    assert '8 as `area`, but the annotation file says 9' in found.wrong_measures[0]
    assert found.corrections == {
        20: (8, [0, 0, 4, 3]),
        300: (4, [1, 1, 2, 2]),
        10: (6, [0, 3, 6, 1]),
    }


def test_several_faults_at_once(entry):
    change_image(entry, (5, 6))
    change(entry, 0, category_id=99)
    problems = check_image(entry, KNOWN).problems
    # The PNG is not as large as the image either.
    assert len(problems) == 3


def test_pixels(entry):
    found = check_image(entry, KNOWN)
    assert (found.num_pixels, found.num_void) == (24, 2)
    assert (found.areas, found.crowds) == ({5: [8], 3: [4], 7: [6]}, {9: [4]})
    assert not found.warnings


def test_orientation_is_a_warning(entry):
    exif = Image.Exif()
    exif[274] = 3  # upside down: the size is the same
    Image.fromarray(np.zeros((4, 6, 3), np.uint8)).save(entry.image_path, exif=exif)
    found = check_image(entry, KNOWN)
    assert not found.problems
    (warning,) = found.warnings
    assert 'EXIF orientation 3' in warning
    assert 'look at both in a viewer' in warning


@pytest.mark.parametrize('row', [None, 5, [], dict(id=[]), dict(id=True)])
def test_rows_of_any_type(entry, row):
    entry.annotation['segments_info'].append(row)
    found = check_image(entry, KNOWN)
    assert found.problems
    assert all('annotation.segments_info[4]' in problem for problem in found.problems)


def test_wrong_type_of_a_box_is_corrected(entry):
    change(entry, 0, bbox='1234', area=[8])
    found = check_image(entry, KNOWN)
    assert not found.problems
    assert found.corrections == {20: (8, [0, 0, 4, 3])}
