import json

from epsnet_mm.structures.segment_ids import decode_segment_ids
from epsnet_runtime.coco.panoptic_writer import PanopticWriter
from tests.tiny_panoptic import CATEGORIES

import numpy as np
import pytest

IMAGE = dict(id=4, file_name='sub/a.jpg', width=3, height=2)
IDS = np.array([[0, 300, 300], [0, 0, 300]])
SEGMENTS = [
    dict(id=300, category_id=3, iscrowd=0),
    dict(id=8, category_id=9, iscrowd=1),
]


def test_files(tmp_path):
    with PanopticWriter(tmp_path / 'new/x.json', CATEGORIES) as writer:
        writer.add(IMAGE, IDS, SEGMENTS)
    assert json.loads((tmp_path / 'new/x.json').read_text()) == dict(
        images=[IMAGE],
        annotations=[
            dict(
                image_id=4,
                file_name='sub/a.png',
                segments_info=[dict(SEGMENTS[0], area=3, bbox=[1, 0, 2, 2])],
            )
        ],
        categories=CATEGORIES,
    )
    content = (tmp_path / 'new/x/sub/a.png').read_bytes()
    assert (decode_segment_ids(content, '') == IDS).all()
    assert sorted(x.name for x in (tmp_path / 'new').iterdir()) == ['x', 'x.json']
    text = writer.summary()
    assert '1 images with 1 segments' in text
    assert 'Left out 1 segments' in text


@pytest.mark.parametrize(
    ('image', 'ids', 'message'),
    [
        (dict(IMAGE, width=4), IDS, 'are 3 x 2 pixels, the image 4 x 2'),
        (IMAGE, IDS + 8, 'the segment id 308, which is not described'),
        (dict(IMAGE, file_name='b.jpg'), IDS, 'b.jpg and another image'),
    ],
)
def test_an_error_leaves_nothing(tmp_path, image, ids, message):
    with (
        pytest.raises(ValueError, match=message),
        PanopticWriter(tmp_path / 'x.json', CATEGORIES) as writer,
    ):
        writer.add(dict(IMAGE, file_name='b.png'), IDS, SEGMENTS)
        writer.add(image, ids, SEGMENTS)
    assert not list(tmp_path.iterdir())


def test_annotation_is_returned_and_png_can_be_named(tmp_path):
    with PanopticWriter(tmp_path / 'x.json', CATEGORIES) as writer:
        annotation = writer.add(IMAGE, IDS, SEGMENTS, png='b.png')
    assert writer.annotations == [annotation]
    assert annotation['file_name'] == 'b.png'
    assert [path.name for path in (tmp_path / 'x').iterdir()] == ['b.png']


def test_description(tmp_path):
    with PanopticWriter(tmp_path / 'x.json', CATEGORIES, description='why'):
        pass
    content = json.loads((tmp_path / 'x.json').read_text())
    assert content['info'] == dict(description='why')
    assert (tmp_path / 'x').is_dir()


def test_overwriting(tmp_path):
    for name, ids in (('a.jpg', IDS), ('b.jpg', IDS), ('b.jpg', IDS[:, ::-1])):
        image = dict(IMAGE, file_name=name)
        with PanopticWriter(tmp_path / 'x.json', CATEGORIES, overwrite=True) as writer:
            writer.add(image, ids, SEGMENTS)
    content = json.loads((tmp_path / 'x.json').read_text())
    assert content['images'] == [image]
    # The PNG of the same name is replaced, the other one stays.
    for name, ids in (('a.png', IDS), ('b.png', IDS[:, ::-1])):
        png = (tmp_path / 'x' / name).read_bytes()
        assert (decode_segment_ids(png, '') == ids).all()
    assert sorted(x.name for x in tmp_path.iterdir()) == ['x', 'x.json']


def test_an_error_keeps_what_was_there(tmp_path):
    with PanopticWriter(tmp_path / 'x.json', CATEGORIES) as writer:
        writer.add(IMAGE, IDS, SEGMENTS)
    before = {x: x.read_bytes() for x in tmp_path.rglob('*.*')}
    with (
        pytest.raises(KeyboardInterrupt),
        PanopticWriter(tmp_path / 'x.json', CATEGORIES, overwrite=True) as writer,
    ):
        writer.add(IMAGE, IDS[:, ::-1], SEGMENTS)
        raise KeyboardInterrupt
    assert {x: x.read_bytes() for x in tmp_path.rglob('*.*')} == before


def test_bad_names_and_categories(tmp_path):
    with pytest.raises(ValueError, match=r'x.txt must end in .json'):
        PanopticWriter(tmp_path / 'x.txt', CATEGORIES)
    with pytest.raises(ValueError, match=r'x.json: .*have the id 7'):
        PanopticWriter(tmp_path / 'x.json', CATEGORIES + CATEGORIES[:1])
    (tmp_path / 'x').mkdir()
    with pytest.raises(FileExistsError, match='x exists already'):
        PanopticWriter(tmp_path / 'x.json', CATEGORIES)
