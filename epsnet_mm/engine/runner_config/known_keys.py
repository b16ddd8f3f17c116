"""Keys of the parts of a config that no component's signature names.

Where MMEngine or MMDetection read a dict key by key, no signature says which keys
there are. Each pattern below stands for such a dict, by its path in the config; `*`
stands for any part of a path.
"""

import inspect
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from mmengine.config import Config
from mmengine.dist import init_dist
from mmengine.runner import Runner
from mmengine.utils.dl_utils import set_multi_processing
from torch.distributed import init_process_group
from torch.nn.functional import interpolate
from torch.nn.utils import clip_grad_norm_, clip_grad_value_
from torch.utils.data import DataLoader

from .component_arguments import Arguments, arguments_of, find_component

# What a dict without `type` is built as.
_DEFAULT_TYPES = {
    'optim_wrapper': 'OptimWrapper',
    'train_cfg': 'EpochBasedTrainLoop',
    'log_processor': 'LogProcessor',
    'val_cfg': 'ValLoop',
    'test_cfg': 'TestLoop',
}
# Top-level keys beside `Runner`'s arguments that `Runner` or the tools read.
_READ_FROM_CONFIG = {
    'activation_checkpointing',
    'compile',
    'efficient_conv_bn_eval',
    'find_unused_parameters',
    'model_wrapper_cfg',
    'runner_type',
    'sync_bn',
    'tta_model',
    'tta_pipeline',
}


def _names(*functions: Callable) -> set[str]:
    """Arguments of functions."""
    return {name for f in functions for name in inspect.signature(f).parameters}


RUNNER_KEYS = (_names(Runner) | _READ_FROM_CONFIG) - {'cfg'}
# Any key is right, because it names something of the user's.
FREE = ('*backend_args', '*file_client_args', '*.custom_keys', '*.metainfo')
# All keys of a dict.
KEYS = {
    'env_cfg': {'cudnn_benchmark', 'mp_cfg', 'dist_cfg', 'resource_limit'},
    'env_cfg.mp_cfg': _names(set_multi_processing) - {'distributed'},
    'env_cfg.dist_cfg': _names(init_dist, init_process_group) - {'kwargs'},
    'randomness': _names(Runner.set_randomness) - {'self'},
    'auto_scale_lr': {'enable', 'base_batch_size'},
    '*_dataloader': _names(DataLoader)
    | {
        'disable_subprocess_warning',
        'num_batch_per_epoch',
    },
    '*.clip_grad': {'type', *_names(clip_grad_norm_, clip_grad_value_)}
    - {'parameters'},
    '*.paramwise_cfg': {
        'bias_decay_mult',
        'bias_lr_mult',
        'bypass_duplicate',
        'custom_keys',
        'dcn_offset_lr_mult',
        'dwconv_decay_mult',
        'flat_decay_mult',
        'norm_decay_mult',
    },
    '*.paramwise_cfg.custom_keys.*': {'lr_mult', 'decay_mult'},
    '*.filter_cfg': {'filter_empty_gt', 'min_size'},
    '*.upsample_cfg': _names(interpolate) - {'input'},
    'model*.nms': {
        'class_agnostic',
        'iou_threshold',
        'max_num',
        'method',
        'min_score',
        'offset',
        'score_threshold',
        'sigma',
        'split_thr',
        'top_k',
        'type',
    },
}
# Keys that whoever builds a component takes out of its config.
EXTRA = {
    'optim_wrapper': {'constructor', 'paramwise_cfg'},
    'train_cfg': {'by_epoch'},
    'param_scheduler*': {'convert_to_iter_based'},
    '*_hooks.*': {'priority'},
    '*init_cfg*': {'override', 'name'},
    '*norm_cfg': {'requires_grad'},
    '*.dcn': {'fallback_on_stride'},
}


def keys_at(cfg: Config, path: str, node: Mapping) -> Arguments | None:
    """What may be set in a dict of a config.

    Args:
        cfg: The config.
        path: Dotted key of the dict; '' for the config itself.
        node: The dict.

    Returns:
        None if it is neither a component nor known otherwise.
    """
    if not path:
        return Arguments(dict.fromkeys(RUNNER_KEYS))
    if any(fnmatchcase(path, pattern) for pattern in FREE):
        return Arguments(is_open=True)
    keys = _network_keys(cfg, path) or _matching(KEYS, path)
    if keys is None and ('type' in node or path in _DEFAULT_TYPES):
        arguments = arguments_of(node, _default_type(path, node))
        arguments.parameters |= dict.fromkeys(_matching(EXTRA, path) or ())
        return arguments
    keys = keys or _keys_of_default(cfg, path)
    return None if keys is None else Arguments(dict.fromkeys(keys))


def _default_type(path: str, node: Mapping) -> str | None:
    if path == 'train_cfg' and not node.get('by_epoch', True):
        return 'IterBasedTrainLoop'
    return _DEFAULT_TYPES.get(path)


def _matching(patterns: Mapping[str, set[str]], path: str) -> set[str] | None:
    """Keys of the most special pattern that fits a path, or None if none does."""
    fitting = [pattern for pattern in patterns if fnmatchcase(path, pattern)]
    return patterns[max(fitting, key=len)] if fitting else None


def _network_keys(cfg: Config, path: str) -> set[str] | None:
    """Keys of a network's `train_cfg` and `test_cfg`, and of their sections.

    Returns:
        None if `path` is none of them, or the detector does not say its keys.
    """
    root, _, rest = path.partition('.')
    stage, _, section = rest.partition('.')
    if root != 'model' or stage not in ('train_cfg', 'test_cfg'):
        return None
    detector = find_component(cfg.model.get('type'))
    heads = getattr(detector, f'{stage.upper()}_HEADS', None)
    if heads is None or not section:
        return heads and set(heads)
    if section not in heads:
        return None
    head = find_component(cfg.model.get(heads[section], {}).get('type'))
    keys = getattr(head, f'{stage.upper()}_KEYS', None)
    return keys and set(keys)


def _keys_of_default(cfg: Config, path: str) -> set[str] | None:
    """Keys of the dict that a component takes for an argument by default."""
    *parents, name = path.split('.')
    node: Any = cfg
    for part in parents:
        node = node[int(part)] if isinstance(node, (list, tuple)) else node.get(part)
        if node is None:
            return None
    if not isinstance(node, Mapping) or 'type' not in node:
        return None
    parameter = arguments_of(node).parameters.get(name)
    default = None if parameter is None else parameter.default
    return set(default) if isinstance(default, Mapping) else None
