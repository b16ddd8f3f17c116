"""Imports MMDetection without its remarks on packages that EPSNet does not use."""

import importlib
import io
import warnings
from contextlib import redirect_stdout

#: What mmdet prints and warns about at its import where optional packages are missing.
_PRINTED = 'Could not import OneDL'
_WARNING = 'faster_coco_eval is not installed'


def import_quietly(*modules: str) -> None:
    """Import modules of mmdet; only the two known remarks are left out.

    Args:
        *modules: Names such as 'mmdet.datasets'.
    """
    printed = io.StringIO()
    with redirect_stdout(printed), warnings.catch_warnings():
        warnings.filterwarnings('ignore', _WARNING)
        for module in modules:
            importlib.import_module(module)
    for line in printed.getvalue().splitlines():
        if not line.startswith(_PRINTED):
            print(line)
