"""Names and layouts of the authors' released weights, and ours.

Two layers differ by more than their names: the release puts the classes
"background" and "unlabelled" first, here they come last.
"""

import re
from pathlib import Path

from torch import Tensor

from ...engine.safe_load import load_weights_only

# Pattern of a released name, and our name. <...> holds arithmetic on an index: the
# release lists the levels of the pyramid from C5 down to C3, for example.
_RULES = (
    (r'backbone\.(conv1|bn1)\.(.+)', r'backbone.\1.\2'),
    (r'backbone\.layers\.(\d)\.(.+)', r'backbone.layer<\1+1>.\2'),
    (r'fpn\.lat_layers\.(\d)\.(.+)', r'neck.lateral_convs.<2-\1>.conv.\2'),
    (r'fpn\.pred_layers\.(\d)\.(.+)', r'neck.fpn_convs.<2-\1>.conv.\2'),
    (r'fpn\.downsample_layers\.(\d)\.(.+)', r'neck.fpn_convs.<3+\1>.conv.\2'),
    (r'CALayer\.(query|key|value|out)_conv\.(.+)', r'fusion_neck.\1.\2'),
    (r'proto_net\.([036])\.(.+)', r'prototype_head.convs.<\1//3>.conv.\2'),
    (r'proto_net\.([147])\.(.+)', r'prototype_head.convs.<\1//3>.gn.\2'),
    (r'proto_net\.10\.(.+)', r'prototype_head.upsampled_conv.conv.\1'),
    (r'proto_net\.11\.(.+)', r'prototype_head.upsampled_conv.gn.\1'),
    (r'proto_net\.13\.(.+)', r'prototype_head.to_prototypes.conv.\1'),
    (r'proto_net\.14\.(.+)', r'prototype_head.to_prototypes.gn.\1'),
    (r'prediction_layers\.0\.upfeature\.0\.(.+)', r'bbox_head.head_convs.0.conv.\1'),
    (r'prediction_layers\.0\.upfeature\.1\.(.+)', r'bbox_head.head_convs.0.gn.\1'),
    (r'prediction_layers\.0\.bbox_layer\.(.+)', r'bbox_head.conv_reg.\1'),
    (r'prediction_layers\.0\.conf_layer\.(.+)', r'bbox_head.conv_cls.\1'),
    (r'prediction_layers\.0\.mask_layer\.(.+)', r'bbox_head.conv_coeff.\1'),
    (r'semantic_seg_conv\.0\.(.+)', r'semantic_head.conv.conv.\1'),
    (r'semantic_seg_conv\.1\.(.+)', r'semantic_head.conv.gn.\1'),
    (r'semantic_seg_conv\.3\.(.+)', r'semantic_head.to_coeffs.\1'),
)
# Layer -> classes of a group of its output channels; the first becomes the last.
_FIRST_CLASS_LAST = {'bbox_head.conv_cls': 81, 'semantic_head.to_coeffs': 55}


def target_key(key: str) -> str | None:
    """Our name of a released parameter, or None if the release has no such name."""
    for pattern, target in _RULES:
        if match := re.fullmatch(pattern, key):
            name = match.expand(target)
            return re.sub(r'<(\d)(\+|-|//)(\d)>', _evaluate, name)
    return None


def _evaluate(match: re.Match) -> str:
    left, operator, right = int(match[1]), match[2], int(match[3])
    results = {'+': left + right, '-': left - right, '//': left // max(right, 1)}
    return str(results[operator])


def convert_tensor(key: str, tensor: Tensor) -> Tensor:
    """Bring the channels of a released tensor into our order.

    Args:
        key: Our name.
        tensor: The released tensor, (groups * classes, ...) for the two layers
            whose classes are reordered.
    """
    classes = _FIRST_CLASS_LAST.get(key.rpartition('.')[0])
    if classes is None:
        return tensor
    return tensor.unflatten(0, (-1, classes)).roll(-1, dims=1).flatten(0, 1)


class ReleaseError(ValueError):
    """A file that is no checkpoint of the release, or one of another network."""


def read_release(path: str) -> dict[str, Tensor]:
    """Read a released state dict, and undo what old training scripts added.

    Args:
        path: A state dict saved by the authors' code; the `DataParallel` prefix
            and the copies `backbone.layer1..4` of `backbone.layers` are removed.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file is no checkpoint, is damaged, or holds objects that
            could run code.
        ReleaseError: It holds anything but a dict of tensors, or copies that
            differ.
    """
    if not Path(path).is_file():
        raise FileNotFoundError(
            f"{path} does not exist; give the .pth file of the authors' release."
        )
    state = load_weights_only(path, map_location='cpu')
    if (
        not isinstance(state, dict)
        or not state
        or not all(
            isinstance(key, str) and isinstance(value, Tensor)
            for key, value in state.items()
        )
    ):
        raise ReleaseError(
            'not a state dict, which holds nothing but named tensors; give the .pth '
            "file of the authors' release."
        )
    state = {key.removeprefix('module.'): value for key, value in state.items()}
    old_names = re.compile(r'backbone\.layer(\d)\.(.+)')
    for key in [key for key in state if old_names.fullmatch(key)]:
        depth, rest = old_names.fullmatch(key).groups()
        original = state.get(f'backbone.layers.{int(depth) - 1}.{rest}')
        if original is None or not original.equal(state[key]):
            raise ReleaseError(
                f'{key} is no copy of an entry of backbone.layers: this is not a '
                'checkpoint of the released network.'
            )
        del state[key]
    return state


def convert_state_dict(
    released: dict[str, Tensor], wanted: dict[str, Tensor]
) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Rename and reorder a released state dict.

    Args:
        released: See `read_release`.
        wanted: State dict of the model that is to load the result.

    Returns:
        The state dict, and our name of every released one.

    Raises:
        ReleaseError: An entry would be left over, missing, or of another shape;
            the message names them.
    """
    names = {key: target_key(key) for key in released}
    unknown = [key for key, target in names.items() if target not in wanted]
    missing = sorted(set(wanted) - set(names.values()))
    converted, misshapen = {}, []
    for key, target in names.items():
        if target not in wanted:
            continue
        if released[key].shape != wanted[target].shape:
            misshapen.append(
                f'{key} {tuple(released[key].shape)} against '
                f'{tuple(wanted[target].shape)}'
            )
            continue
        converted[target] = convert_tensor(target, released[key])
    problems = [
        f'{len(keys)} {what} ({", ".join(keys[:5])}{", ..." if keys[5:] else ""})'
        for what, keys in (
            ('entries unknown to the model', unknown),
            ('entries of the model missing', missing),
            ('entries of another shape', misshapen),
        )
        if keys
    ]
    if problems:
        raise ReleaseError(
            f'does not fit this config: {"; ".join(problems)}. Use the config '
            'for official weights of the same depth, and an unchanged checkpoint.'
        )
    return converted, names


def depth_of(released: dict[str, Tensor]) -> int:
    """50 or 101, from the number of blocks in the third stage.

    Raises:
        ReleaseError: Neither.
    """
    stage = 'backbone.layers.2.'
    blocks = {key.split('.')[3] for key in released if key.startswith(stage)}
    depths = {6: 50, 23: 101}
    if len(blocks) not in depths:
        raise ReleaseError(
            f'the third stage has {len(blocks)} blocks; the release has ResNet-50 (6) '
            'and ResNet-101 (23) only.'
        )
    return depths[len(blocks)]
