import json
import runpy
import sys
from pathlib import Path

from epsnet_mm.datasets.synthetic import shapes
from epsnet_mm.datasets.synthetic.shapes import encode_scene, make_image, make_shapes
from epsnet_mm.datasets.synthetic.shapes_drawing import UNLABELLED, Scene
from epsnet_mm.structures.segment_ids import decode_segment_ids

import cv2
import numpy as np
import pytest

TOOL = Path(__file__).parents[3] / 'tools/misc/make_shapes.py'


def files(folder: Path) -> dict:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob('*')
        if path.is_file()
    }


def test_encode_scene():
    scene = Scene(
        np.zeros((3, 4, 3), np.uint8),
        np.array([[0, 0, 2, 2], [0, 0, 2, 2], [0, 0, 0, UNLABELLED]]),
        [('water', False), ('square', False), ('star', True)],
    )
    ids, segments = encode_scene(scene, np.random.default_rng(0))
    assert [(s['category_id'], s['iscrowd']) for s in segments] == [
        (12, 0),
        (2, 0),
        (4, 1),
    ]
    water, _, star = [segment['id'] for segment in segments]
    assert water != star
    assert ids.tolist() == [
        [water, water, star, star],
        [water, water, star, star],
        [water, water, water, 0],
    ]


def test_images_depend_on_seed_split_and_index_only():
    first = make_image(48, 0, 'train', 3)
    again = make_image(48, 0, 'train', 3)
    assert np.array_equal(first[0], again[0])
    assert np.array_equal(first[1], again[1])
    assert first[2] == again[2]
    for other in ((48, 1, 'train', 3), (48, 0, 'val', 3), (48, 0, 'train', 4)):
        assert not np.array_equal(first[0], make_image(*other)[0])


def test_make_shapes_writes_consistent_files(tmp_path):
    assert make_shapes(tmp_path / 'a', train=6, val=2, size=48)
    assert make_shapes(tmp_path / 'b', train=9, val=2, size=48)
    small, large = files(tmp_path / 'a'), files(tmp_path / 'b')
    same = [name for name in small if not name.endswith('.json')]
    assert len(same) == 16
    assert all(small[name] == large[name] for name in same)
    assert (
        small['annotations/panoptic_val.json'] == large['annotations/panoptic_val.json']
    )

    content = json.loads(small['annotations/panoptic_train.json'])
    assert [image['file_name'] for image in content['images']] == [
        f'{i:09d}.jpg' for i in range(6)
    ]
    for annotation in content['annotations']:
        name = 'annotations/panoptic_train/' + annotation['file_name']
        ids = decode_segment_ids(small[name], name)
        listed = {s['id']: s for s in annotation['segments_info']}
        assert set(np.unique(ids)) - {0} == set(listed)
        for segment_id, segment in listed.items():
            x, y, w, h = cv2.boundingRect((ids == segment_id).astype(np.uint8))
            assert segment['bbox'] == [x, y, w, h]
            assert segment['area'] == (ids == segment_id).sum()


def test_identical_data_set_is_left_alone(tmp_path):
    assert make_shapes(tmp_path / 'a', 1, 1, 32)
    before = (tmp_path / 'a/shapes.json').stat().st_mtime_ns
    assert not make_shapes(tmp_path / 'a', 1, 1, 32)
    assert (tmp_path / 'a/shapes.json').stat().st_mtime_ns == before


def test_refuses_other_folders(tmp_path):
    make_shapes(tmp_path / 'a', 1, 1, 32)
    with pytest.raises(FileExistsError, match=r'made with .* choose another'):
        make_shapes(tmp_path / 'a', 2, 1, 32)
    (tmp_path / 'foreign').mkdir()
    (tmp_path / 'foreign/photo.jpg').touch()
    with pytest.raises(FileExistsError, match='not a shapes dataset'):
        make_shapes(tmp_path / 'foreign', 1, 1, 32)
    with pytest.raises(ValueError, match='size 32 or more'):
        make_shapes(tmp_path / 'b', 1, 1, 31)


def test_interrupted_run_leaves_nothing(tmp_path, monkeypatch):

    def interrupt(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(shapes, 'encode_scene', interrupt)
    with pytest.raises(KeyboardInterrupt):
        make_shapes(tmp_path / 'a', 1, 1, 32)
    assert list(tmp_path.iterdir()) == []


def test_command_line(tmp_path, monkeypatch, capsys):
    out = str(tmp_path / 'a')
    arguments = [str(TOOL), out, '--train', '1', '--val', '1', '--size', '32']
    monkeypatch.setattr(sys, 'argv', arguments)
    runpy.run_path(str(TOOL), run_name='__main__')
    assert f'Wrote 1 + 1 images to {out}' in capsys.readouterr().out
    runpy.run_path(str(TOOL), run_name='__main__')
    assert 'nothing to do' in capsys.readouterr().out
    monkeypatch.setattr(sys, 'argv', [*arguments, '--seed', '1'])
    with pytest.raises(SystemExit, match='choose another folder'):
        runpy.run_path(str(TOOL), run_name='__main__')
