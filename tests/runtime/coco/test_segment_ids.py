from epsnet_mm.structures.segment_ids import decode_segment_ids
from epsnet_runtime.coco.segment_ids import encode_segment_ids, write_segment_ids

import numpy as np
import pytest


def test_written_ids_can_be_read(tmp_path):
    ids = np.array([[0, 7, 513], [256**3 - 1, 70000, 0]])
    write_segment_ids(ids, tmp_path / 'new/a.png')
    content = (tmp_path / 'new/a.png').read_bytes()
    assert (decode_segment_ids(content, 'a.png') == ids).all()


def test_encode_is_red_first():
    assert encode_segment_ids(np.array([[513, 70000]])).tolist() == [
        [[1, 2, 0], [112, 17, 1]]
    ]


@pytest.mark.parametrize('wrong', [-1, 256**3])
def test_ids_that_do_not_fit(wrong, tmp_path):
    with pytest.raises(ValueError, match=f'span .*{wrong}.*: number the segments'):
        write_segment_ids(np.array([[1, wrong]]), tmp_path / 'a.png')
