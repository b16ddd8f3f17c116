"""Checks that the OpenMMLab packages are there and recent enough."""

import importlib

from packaging.version import Version

#: Import name -> (distribution, oldest version). The oldest version is tested.
REQUIRED = {
    'mmengine': ('onedl-mmengine', '0.10.12'),
    'mmcv': ('onedl-mmcv', '2.3.6'),
    'mmdet': ('onedl-mmdetection', '3.5.1'),
}


def check_versions() -> None:
    """Check the packages in `REQUIRED`.

    Raises:
        ImportError: If one is missing or too old; the message has the remedy.
    """
    for name, (distribution, oldest) in REQUIRED.items():
        remedy = f'run `make venv`, or `pip install "{distribution}>={oldest}"`'
        try:
            found = importlib.import_module(name).__version__
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
            raise ImportError(
                f'epsnet_mm needs {name}, which is not installed: {remedy}'
            ) from error
        if Version(found) < Version(oldest):
            raise ImportError(
                f'epsnet_mm needs {name} {oldest} or newer, but {found} '
                f'is installed: {remedy}'
            )
