"""Names and ids of inputs, and files that are no images."""

from pathlib import Path

from epsnet_mm.apis.input_images import InputImage, list_sources, name_inputs
from epsnet_mm.datasets.image_reader import ImageReader

import mmcv
import numpy as np
import pytest
import torch
from PIL import Image

PIXELS = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)


def described(sources):
    return [
        (image.file_name, image.stem, image.image_id) for image in name_inputs(sources)
    ]


def test_names_that_are_numbers_are_ids():
    assert described(['x/0012.jpg', 'x/7.jpg']) == [
        ('0012.jpg', '0012', 12),
        ('7.jpg', '7', 7),
    ]


@pytest.mark.parametrize('other', ['b', '012'])
def test_other_names_are_counted(other):
    assert described(['12.jpg', f'{other}.jpg']) == [
        ('12.jpg', '12', 1),
        (f'{other}.jpg', other, 2),
    ]


def test_equal_stems_get_different_outputs():
    assert described(['a.jpg', 'a.png']) == [('a.jpg', 'a', 1), ('a.png', 'a_2', 2)]


def test_a_number_never_takes_another_inputs_name():
    stems = [stem for _, stem, _ in described(['a.jpg', 'a.png', 'a_2.jpg', 'a_2.png'])]
    assert stems == ['a', 'a_3', 'a_2', 'a_2_4']
    stems = [stem for _, stem, _ in described(['a_3.jpg', 'a.jpg', 'a.png'])]
    assert stems == ['a_3', 'a', 'a_4']


def test_prompts_are_kept():
    path, pixels = name_inputs([dict(img_path='x/b.jpg', text='t'), dict(img=PIXELS)])
    assert (path.source, path.stem, path.prompts) == ('x/b.jpg', 'b', dict(text='t'))
    assert pixels.source is PIXELS
    assert pixels.prompts == {}


def test_pixels_are_numbered():
    assert described([PIXELS, PIXELS]) == [
        ('00000000', '00000000', 0),
        ('00000001', '00000001', 1),
    ]


def test_read(tmp_path):
    path = str(tmp_path / 'a.png')
    mmcv.imwrite(PIXELS, path)
    assert (InputImage(path, 'a.png', 'a', 1).read(ImageReader()) == PIXELS).all()
    assert np.shares_memory(InputImage(PIXELS, '0', '0', 0).read(ImageReader()), PIXELS)


def test_missing_file(tmp_path):
    with pytest.raises(ValueError, match=r'gone.jpg'):
        InputImage(str(tmp_path / 'gone.jpg'), 'gone.jpg', 'gone', 1).read(
            ImageReader()
        )


@pytest.fixture
def tree(tmp_path):
    """Two sequences with the same file names, and files that are no images."""
    for name in ('seq1/0000.png', 'seq0/0000.png', 'seq0/b.JPG', 'seq0/.x.png'):
        (tmp_path / 'in' / name).parent.mkdir(parents=True, exist_ok=True)
        mmcv.imwrite(PIXELS, str(tmp_path / 'in' / name))
    (tmp_path / 'in/notes.txt').write_text('no image')
    return tmp_path / 'in'


@pytest.mark.parametrize('kind', [str, Path])
def test_folders_are_searched_with_all_folders_in_them(tree, kind):
    sources, folder = list_sources(kind(tree))
    assert folder == str(tree)
    assert sources == [f'{tree}/{x}' for x in ('seq0/0000.png', 'seq0/b.JPG')] + [
        f'{tree}/seq1/0000.png'
    ]
    assert [
        (image.file_name, image.stem, image.image_id)
        for image in name_inputs(sources, folder)
    ] == [
        ('seq0/0000.png', 'seq0/0000', 1),
        ('seq0/b.JPG', 'seq0/b', 2),
        ('seq1/0000.png', 'seq1/0000', 3),
    ]


def test_pictures_of_an_earlier_run_are_no_inputs(tree):
    mmcv.imwrite(PIXELS, str(tree / 'outputs/vis/x.png'))
    found, _ = list_sources(str(tree), leave_out=str(tree / 'outputs'))
    assert len(found) == 3
    assert len(list_sources(str(tree), leave_out=str(tree))[0]) == 4
    assert len(list_sources(str(tree), leave_out=str(tree.parent / 'x'))[0]) == 4


@pytest.mark.parametrize(
    ('inputs', 'number'),
    [
        (PIXELS, 1),
        ('a.png', 1),
        (Path('a.png'), 1),
        ('https://host/a.png', 1),
        (Image.fromarray(PIXELS), 1),
        ([PIXELS, 'a.png', Path('b.png'), Image.fromarray(PIXELS)], 4),
        ((PIXELS, PIXELS), 2),
        ((x for x in [PIXELS, 'a.png']), 2),
        (dict(img=PIXELS, text='x'), 1),
        ([dict(img_path=Path('a.png'))], 1),
    ],
)
def test_what_is_taken(inputs, number):
    sources, folder = list_sources(inputs)
    assert folder == ''
    assert len(sources) == number
    assert {type(source) for source in sources} <= {str, np.ndarray, dict}


def test_images_of_pillow_are_bgr_arrays():
    ((found,), _) = list_sources(Image.fromarray(PIXELS))
    assert (found == PIXELS[..., ::-1]).all()


@pytest.mark.parametrize('inputs', [None, 5, b'bytes', [PIXELS, None], [{}]])
def test_what_is_no_image(inputs):
    with pytest.raises(ValueError, match=r'is no image: give a path, .*\(H, W\)'):
        list_sources(inputs)


@pytest.mark.parametrize('inputs', [[], (), iter([])])
def test_nothing(inputs):
    with pytest.raises(ValueError, match='holds no images'):
        list_sources(inputs)


def test_tensors_are_rgb():
    (tensor,), _ = list_sources(torch.from_numpy(PIXELS[..., ::-1].copy()))
    assert (tensor == PIXELS).all()


def test_patterns_and_lists(tmp_path):
    for name in ('a/x.png', 'a/y.png', 'b/x.png'):
        mmcv.imwrite(PIXELS, str(tmp_path / name))
    found, folder = list_sources(f'{tmp_path}/*/x.png')
    assert (found, folder) == (
        [f'{tmp_path}/a/x.png', f'{tmp_path}/b/x.png'],
        str(tmp_path),
    )
    assert [x.stem for x in name_inputs(found, folder)] == ['a/x', 'b/x']
    (tmp_path / 'list.txt').write_text('b/x.png\n')
    assert list_sources(tmp_path / 'list.txt') == ([f'{tmp_path}/b/x.png'], '')
    with pytest.raises(ValueError, match='No file fits'):
        list_sources(f'{tmp_path}/*.jpg')
