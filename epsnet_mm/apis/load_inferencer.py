"""Builds an inferencer from what a command line gives."""

from ..datasets.image_file import MAX_PIXELS
from ..engine import runner_config
from .panoptic_inferencer import PanopticInferencer


def load_inferencer(
    config: str,
    checkpoint: str,
    device: str = 'auto',
    max_pixels: int = MAX_PIXELS,
    cfg_options: dict | None = None,
    allow_new_keys: bool = False,
) -> PanopticInferencer:
    """Check the files, then build the inferencer.

    Args:
        config: Config file.
        checkpoint: Checkpoint file.
        device: Such as 'cpu' or 'cuda:0'; 'auto' for a GPU if there is one.
        max_pixels: Width times height that an image file may declare.
        cfg_options: Entries of the config to override.
        allow_new_keys: Let `cfg_options` set keys that nothing is known to read.

    Raises:
        OSError: If a file is missing.
        ValueError: If something is wrong with one, see `PanopticInferencer`.
    """
    cfg = runner_config.load_config(config, cfg_options, allow_new_keys=allow_new_keys)
    runner_config.check_checkpoint_path(checkpoint)
    return PanopticInferencer(
        cfg, checkpoint, None if device == 'auto' else device, max_pixels=max_pixels
    )
