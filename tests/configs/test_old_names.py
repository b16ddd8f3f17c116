"""Config names of version 0.1 still load, and say what to use instead."""

import pytest

from .conftest import OLD_NAMES, read


@pytest.mark.parametrize('old', OLD_NAMES)
def test_old_names_lead_to_the_new_ones(old):
    new = old.replace('_coco_release', '_official-weights_coco')

    with pytest.warns(DeprecationWarning, match=f'use {new}.py'):
        cfg = read(old)

    assert cfg.to_dict() == read(new).to_dict()
