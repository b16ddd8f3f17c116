"""Finds the configs that come with the package, installed or in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def config_path(name: str) -> str:
    """The path of a config, for `Config.fromfile`, the tools, and `_base_`.

    MMEngine's form ``_base_ = 'package::config.py'`` knows OpenMMLab's packages only.
    A config of another project inherits like this::

        _base_ = __import__('epsnet_mm').config_path('epsnet/epsnet_r50_fpn_coco.py')

    MMEngine evaluates this line before all others, so that a name imported above it
    would not be known.

    Args:
        name: Below the folder ``configs``, such as 'epsnet/epsnet_r50_fpn_coco.py'.

    Raises:
        FileNotFoundError: There is no such config; the message has the folder.
    """
    # Written by the installation; a checkout on PYTHONPATH has none.
    folder = _PACKAGE / '.mim/configs'
    if not folder.is_dir():
        folder = _PACKAGE.parent / 'configs'
    path = folder / name
    if not path.is_file():
        raise FileNotFoundError(
            f'epsnet_mm has no config {name}: give the path of a file below {folder}'
        )
    return str(path)
