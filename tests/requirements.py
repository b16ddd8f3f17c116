"""Marks of tests that need what is not always installed."""

from pathlib import Path

import mmcv
import pytest

needs_ops = pytest.mark.skipif(
    not list(Path(mmcv.__file__).parent.glob('_ext*')),
    reason='mmcv was built without compiled ops',
)
