"""The one door from here to the training stack.

`epsnet_runtime` is below everything and imports nothing of `epsnet_mm`. A command that
is given a config and a checkpoint needs it all the same, so this module looks it up by
name, at that moment.
"""

import importlib

from ..optional import require


def load_inferencer(config: str, checkpoint: str, device: str, max_pixels: int):
    """Build `epsnet_mm.apis.PanopticInferencer`.

    Args:
        config: Config file.
        checkpoint: Checkpoint file.
        device: Such as 'cpu' or 'cuda:0'; 'auto' for a GPU if there is one.
        max_pixels: Width times height that an image file may declare.

    Raises:
        ImportError: If PyTorch or a package of OpenMMLab is missing.
        OSError: If a file is missing.
        ValueError: If something is wrong with one.
    """
    require('torch', "'epsnet_mm[onedl]'", 'A config with a checkpoint')
    loader = importlib.import_module('epsnet_mm.apis.load_inferencer')
    return loader.load_inferencer(config, checkpoint, device, max_pixels)
