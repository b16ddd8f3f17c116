"""Windows where there is no screen."""

from epsnet_mm.visualization.window_check import require_window

import pytest
from matplotlib import pyplot


def test_without_a_screen(monkeypatch):
    monkeypatch.setattr(pyplot, 'get_backend', lambda: 'Agg')
    with pytest.raises(ValueError, match='--show needs a screen'):
        require_window()


def test_with_one(monkeypatch):
    monkeypatch.setattr(pyplot, 'get_backend', lambda: 'QtAgg')
    require_window()
