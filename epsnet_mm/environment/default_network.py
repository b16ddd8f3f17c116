"""The network whose weights come with the package."""

from pathlib import Path

from .config_files import config_path

#: Name of the config, and of the file with its weights.
DEFAULT_NETWORK = 'epsnet-plus_lite0_fpn_facades'


def default_network() -> tuple[str, str]:
    """Config and checkpoint of the network that is used where none is given.

    It knows buildings in streets: windows, balconies, shops, cars and traffic signs;
    facades, streets, vegetation, fences and other structures. Its model card is
    docs/model_card.md.

    Raises:
        FileNotFoundError: The installation lacks one of the files.
    """
    weights = Path(__file__).resolve().parents[1] / f'weights/{DEFAULT_NETWORK}.pth'
    if not weights.is_file():
        raise FileNotFoundError(
            f'The weights {weights} are missing: install epsnet_mm again, or give a '
            'config and its checkpoint.'
        )
    return config_path(f'epsnet/{DEFAULT_NETWORK}.py'), str(weights)
