"""Names and layouts of the authors' released weights, and ours.

Two layers differ by more than their names: the release puts the background
class first and the "unlabelled" class first, here both come last.
"""
import re

from torch import Tensor

# Pattern of a released name, and ours; <...> holds arithmetic on an index, such as
# for the pyramid, which the release lists from C5 down to C3.
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
# Classes of a group of output channels, the first of which becomes the last.
_FIRST_CLASS_LAST = {'bbox_head.conv_cls': 81, 'semantic_head.to_coeffs': 55}


def target_key(key: str) -> str | None:
    """Our name of a released parameter, or None if the release has no such."""
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
