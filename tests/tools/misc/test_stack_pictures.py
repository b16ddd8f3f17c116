"""The command line that stacks pictures."""

import runpy
import sys

import cv2
import numpy as np
import pytest

from ..conftest import REPO

TOOL = REPO / 'tools/misc/stack_pictures.py'


@pytest.fixture
def stack(monkeypatch):
    """Returns a function that runs the tool."""

    def _stack(*arguments):
        monkeypatch.setattr(sys, 'argv', [str(TOOL), *map(str, arguments)])
        runpy.run_path(str(TOOL), run_name='__main__')

    return _stack


def test_one_under_the_other(stack, tmp_path):
    for name, color in (('a', 10), ('b', 200)):
        cv2.imwrite(str(tmp_path / f'{name}.png'), np.full((20, 40, 3), color, 'u1'))

    stack(tmp_path / 'a.png', tmp_path / 'b.png', '--out', tmp_path / 'c.png')

    joined = cv2.imread(str(tmp_path / 'c.png'))
    assert (joined[:20, :40] == 10).all()
    assert (joined[-30:-10, :40] == 200).any()

    stack(tmp_path / 'c.png', '--out', tmp_path / 'd.png', '--width', 20)

    assert cv2.imread(str(tmp_path / 'd.png')).shape[1] == 20


def test_missing_picture(stack, tmp_path):
    with pytest.raises(SystemExit, match=r'stack_pictures: Cannot read image .*none'):
        stack(tmp_path / 'none.png', '--out', tmp_path / 'c.png')

    assert not (tmp_path / 'c.png').exists()
