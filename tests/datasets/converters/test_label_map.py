from epsnet_mm.datasets.converters.label_map import LabelMapReader

import numpy as np
import pytest
from PIL import Image

CATEGORIES = [
    dict(id=0, name='sky', isthing=0, color=[0, 0, 9]),
    dict(id=4, name='car', isthing=1, color=[7, 0, 0]),
]


def save(path, values, palette=False):
    image = Image.fromarray(np.array(values, np.uint8))
    if palette:
        image = image.convert('L')
        image.putpalette(list(range(256)) * 3)
        assert image.mode == 'P'
    image.save(path)
    return str(path)


@pytest.mark.parametrize('palette', [False, True])
def test_gray_values_and_palette_indices(tmp_path, palette):
    path = save(tmp_path / 'a.png', [[0, 4], [255, 4]], palette)
    assert LabelMapReader(CATEGORIES).read(path).tolist() == [[0, 4], [-1, 4]]


def test_ignored_values(tmp_path):
    path = save(tmp_path / 'a.png', [[0, 4], [9, 7]])
    with pytest.raises(ValueError, match=r'a.png has the value 7.*--ignore 7'):
        LabelMapReader(CATEGORIES, [9]).read(path)
    # A value that is a class is never unlabelled.
    reader = LabelMapReader(CATEGORIES, [0, 7, 9])
    assert reader.read(path).tolist() == [[0, 4], [-1, -1]]


def test_colors(tmp_path):
    path = save(tmp_path / 'a.png', [[[0, 0, 9], [7, 0, 0]], [[0, 0, 0]] * 2])
    assert LabelMapReader(CATEGORIES).read(path).tolist() == [[0, 4], [-1, -1]]
    with_alpha = save(tmp_path / 'b.png', [[[0, 0, 9, 255], [7, 0, 0, 0]]])
    assert LabelMapReader(CATEGORIES).read(with_alpha).tolist() == [[0, 4]]
    with pytest.raises(ValueError, match='car has no `color`'):
        LabelMapReader([dict(id=4, name='car')]).read(path)
    with pytest.raises(ValueError, match='the color #070000'):
        LabelMapReader(CATEGORIES[:1]).read(path)


def test_missing_and_odd_masks(tmp_path):
    reader = LabelMapReader(CATEGORIES)
    with pytest.raises(ValueError, match=r'Cannot read the mask none.png'):
        reader.read('none.png')
    Image.new('LA', (2, 2)).save(tmp_path / 'a.png')
    with pytest.raises(ValueError, match=r'a.png has 2 channels'):
        reader.read(str(tmp_path / 'a.png'))


@pytest.mark.parametrize('class_id', [0, 1])
def test_binary_masks_are_refused(tmp_path, class_id):
    """0 may be a class, the background; the marked pixels are void all the same."""
    reader = LabelMapReader([dict(id=class_id, name='lesion', isthing=1)])
    reader.read(save(tmp_path / 'a.png', [[0, 0]]))
    reader.check_values()
    reader.read(save(tmp_path / 'b.png', [[0, 255]]))
    reader.check_values(num_enough=3)
    with pytest.raises(ValueError, match=r'0 and 255.*the id 255.*--ignore 255'):
        reader.check_values(num_enough=2)
    with pytest.raises(ValueError, match=r'0 and 255'):
        reader.check_values()


@pytest.mark.parametrize(
    ('ids', 'ignored', 'values'),
    [
        ([255], [], [0, 255]),  # the class of 255
        ([1], [255], [0, 255]),  # 255 was said to be unlabelled
        ([1], [], [0, 1, 255]),  # class masks with a border of 255
        ([1], [], [0, 0]),
    ],
)
def test_masks_that_are_not_binary(tmp_path, ids, ignored, values):
    categories = [dict(id=value, name='lesion', isthing=1) for value in ids]
    reader = LabelMapReader(categories, ignored)
    reader.read(save(tmp_path / 'a.png', [values]))
    reader.check_values()


def test_damaged_png_is_refused(tmp_path):
    """Pillow alone does not compare the checksum of the pixels."""
    path = tmp_path / 'a.png'
    save(path, np.random.default_rng(0).choice([0, 4], (20, 20)))
    data = path.read_bytes()
    end = data.index(b'IEND') - 4
    # The last byte of the checksum of the pixels.
    path.write_bytes(data[: end - 1] + bytes([data[end - 1] ^ 1]) + data[end:])
    with pytest.raises(ValueError, match=r'Cannot read the mask .*a.png'):
        LabelMapReader(CATEGORIES).read(str(path))


def test_jpeg_is_refused(tmp_path):
    path = tmp_path / 'a.png'
    Image.new('L', (8, 8), 4).save(path, 'JPEG')
    with pytest.raises(ValueError, match=r'a.png is a JPEG, .* as a PNG'):
        LabelMapReader(CATEGORIES).read(str(path))
