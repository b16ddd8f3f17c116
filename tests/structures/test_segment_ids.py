from epsnet_mm.structures.segment_ids import (
    check_same_size,
    decode_segment_ids,
    index_segments,
    read_segment_ids,
)
from epsnet_runtime.coco.segment_ids import write_segment_ids

import cv2
import numpy as np
import pytest


def encode(image: np.ndarray) -> bytes:
    return cv2.imencode('.png', image)[1].tobytes()


def test_decode_uses_all_bytes():
    rgb = np.array([[[0, 0, 0], [7, 0, 0]], [[1, 2, 0], [255, 255, 255]]], np.uint8)
    ids = decode_segment_ids(encode(rgb[..., ::-1]), 'x.png')
    assert ids.dtype == np.int32
    assert ids.tolist() == [[0, 7], [513, 256**3 - 1]]


@pytest.mark.parametrize(
    ('content', 'message'),
    [
        (b'', 'x.png cannot be decoded'),
        (b'no image', 'x.png cannot be decoded'),
        (encode(np.zeros((2, 2), np.uint8)), 'x.png has shape'),
        (encode(np.zeros((2, 2, 4), np.uint8)), 'instead of 8-bit RGB'),
        (encode(np.zeros((2, 2, 3), np.uint16)), 'type uint16'),
    ],
)
def test_decode_errors(content, message):
    with pytest.raises(ValueError, match=message):
        decode_segment_ids(content, 'x.png')


def test_index_segments():
    ids = np.array([[0, 300], [9, 300]])
    assert index_segments(ids, [300, 5, 9], 'x.png').tolist() == [[0, 1], [3, 1]]
    assert index_segments(ids * 0, [], 'x.png').tolist() == [[0, 0], [0, 0]]


def test_index_segments_names_file_and_id():
    for unknown in (4, 6, 10):
        with pytest.raises(ValueError, match=f'x.png .* id {unknown}, which'):
            index_segments(np.array([5, unknown, 9]), [5, 9], 'x.png')


@pytest.mark.parametrize('listed', [[5, 5], [0], [-1], [256**3]])
def test_index_segments_refuses_bad_lists(listed):
    with pytest.raises(ValueError, match=r'of x.png .* must differ'):
        index_segments(np.array([5]), listed, 'x.png')


def test_check_same_size():
    check_same_size(np.zeros((2, 3)), (2, 3), 'x.png')
    with pytest.raises(ValueError, match=r'x.png is 3 x 2 .* image 2 x 3'):
        check_same_size(np.zeros((2, 3)), (3, 2), 'x.png')


def test_reads_a_file(tmp_path):
    write_segment_ids(np.array([[1, 70000]]), tmp_path / 'a.png')
    assert read_segment_ids(str(tmp_path / 'a.png')).tolist() == [[1, 70000]]


@pytest.mark.parametrize('name', ['none.png', '.', 'a.png/b.png'])
def test_missing_file(tmp_path, name):
    (tmp_path / 'a.png').touch()
    with pytest.raises(FileNotFoundError, match=r'PNG .* does not exist: put it there'):
        read_segment_ids(f'{tmp_path}/{name}')
