"""Names and ids of inputs, and files that are no images."""

from epsnet_mm.apis.input_images import InputImage, name_inputs

import mmcv
import numpy as np
import pytest

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
    assert (InputImage(path, 'a.png', 'a', 1).read() == PIXELS).all()
    assert InputImage(PIXELS, '0', '0', 0).read() is PIXELS


def test_missing_file(tmp_path):
    with pytest.raises(ValueError, match=r'gone.jpg'):
        InputImage(str(tmp_path / 'gone.jpg'), 'gone.jpg', 'gone', 1).read()
