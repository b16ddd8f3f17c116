from epsnet_mm.environment import versions
from epsnet_mm.environment.versions import check_versions

import mmdet
import pytest


def test_the_installed_stack_passes():
    check_versions()


def test_too_old_a_package_is_named_with_the_remedy(monkeypatch):
    monkeypatch.setattr(mmdet, '__version__', '3.4.0')
    with pytest.raises(ImportError) as error:
        check_versions()
    assert str(error.value) == (
        'epsnet_mm needs mmdet 3.5.1 or newer, but 3.4.0 is installed: run '
        '`make venv`, or `pip install "onedl-mmdetection>=3.5.1"`'
    )


def test_a_missing_package_is_named_with_the_remedy(monkeypatch):
    monkeypatch.setitem(versions.REQUIRED, 'no_such_mm', ('onedl-no-such', '1.0'))
    with pytest.raises(ImportError, match=r'no_such_mm, which.*onedl-no-such>=1\.0'):
        check_versions()
