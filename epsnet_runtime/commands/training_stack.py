"""The one door from here to the training stack.

`epsnet_runtime` is below everything and imports nothing of `epsnet_mm`. A command that
is given a config and a checkpoint needs it all the same, so this module looks it up by
name, at that moment.
"""

import importlib
from collections.abc import Sequence

from ..optional import require


def load_inferencer(files: Sequence[str], device: str, max_pixels: int):
    """Build `epsnet_mm.apis.PanopticInferencer`.

    Args:
        files: A config and its checkpoint, or nothing for the network that comes with
            epsnet_mm.
        device: Such as 'cpu' or 'cuda:0'; 'auto' for a GPU if there is one.
        max_pixels: Width times height that an image file may declare.

    Raises:
        ImportError: If PyTorch or a package of OpenMMLab is missing.
        OSError: If a file is missing.
        ValueError: If something is wrong with one.
    """
    require('torch', "'epsnet_mm[onedl]'", 'A network that is not exported')
    loader = importlib.import_module('epsnet_mm.apis.load_inferencer')
    return loader.load_inferencer(*(files or (None, None)), device, max_pixels)
