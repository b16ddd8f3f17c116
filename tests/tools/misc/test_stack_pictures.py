"""The command line that stacks pictures."""

import cv2
import numpy as np
import pytest


@pytest.fixture
def stack(run_tool):
    """Returns a function that runs the tool."""
    return lambda *arguments: run_tool('misc/stack_pictures', *arguments)


def test_pictures_are_stacked(stack, tmp_path):
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
