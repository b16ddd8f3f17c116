"""Names of version 0.1 that work, with a warning, until version 0.3.

Everything about old names is in this file, so that it can go as a whole: classes in
MMDetection's registries, and keys of a model's config.
"""

import copy
import functools
import inspect
import types
import warnings
from collections.abc import Callable

from mmdet.registry import DATASETS, METRICS, MODELS, VISUALIZERS

# Old name -> its registry and the new name.
CLASS_NAMES = {
    'DenseSemanticHead': (MODELS, 'EPSNetDenseSemanticHead'),
    'InstanceHead': (MODELS, 'EPSNetInstanceHead'),
    'PrototypeHead': (MODELS, 'EPSNetPrototypeHead'),
    'PanopticTTAModel': (MODELS, 'EPSNetTTAModel'),
    'PanopticDataset': (DATASETS, 'EPSNetPanopticDataset'),
    'PanopticMetric': (METRICS, 'EPSNetPanopticMetric'),
    'PanopticVisualizer': (VISUALIZERS, 'EPSNetPanopticVisualizer'),
}

# Old key of a config -> the new key.
OLD_KEYS = {
    'model.bbox_head.num_protos': 'model.num_prototypes',
    'model.mask_head.mask_thr': 'model.test_cfg.mask_head.mask_thr_binary',
    'model.test_cfg.panoptic_fusion_head': 'model.test_cfg.panoptic',
}


def register_old_class_names() -> None:
    """Register a subclass under each old name, unless another library has it."""
    for old, (registry, new) in CLASS_NAMES.items():
        if old in registry.module_dict:
            continue
        alias = _subclass(old, registry.get(new))
        # Workers of a data loader find the class of a pickled dataset here.
        globals()[old] = alias
        registry.register_module(module=alias)


def _subclass(old: str, new_class: type) -> type:
    """A class that warns when it is built, and otherwise is its parent."""

    def init(self, *args, **kwargs) -> None:
        _warn(f'`{old}`', f'`{new_class.__name__}`')
        new_class.__init__(self, *args, **kwargs)

    # MMEngine looks for the argument `name` of a visualizer.
    init.__signature__ = inspect.signature(new_class.__init__)
    body = dict(
        __init__=init,
        __module__=__name__,
        __doc__=f'Old name of `{new_class.__name__}`.',
    )
    return types.new_class(
        old, (new_class,), exec_body=lambda space: space.update(body)
    )


def accept_old_keys(init: Callable) -> Callable:
    """Let the constructor of `EPSNet` take a config of version 0.1."""

    @functools.wraps(init)
    def wrapped(self, *args, **kwargs) -> None:
        init(self, *args, **new_keys(kwargs))

    return wrapped


def new_keys(cfg: dict) -> dict:
    """The `model` of a config with the keys of this version.

    A config that names both has inherited the new key, so the old one counts.

    Args:
        cfg: Keyword arguments of `EPSNet`; stays as it is.
    """
    # Two levels deep: what is changed below is a key of a head or of `test_cfg`.
    cfg = {k: copy.copy(v) if isinstance(v, dict) else v for k, v in cfg.items()}
    if 'num_protos' in cfg.get('bbox_head', {}):
        _warn('`model.bbox_head.num_protos`', '`model.num_prototypes`')
        cfg['num_prototypes'] = cfg['bbox_head'].pop('num_protos')
        # The constructor refuses counts that differ from that.
    test_cfg = cfg.get('test_cfg') or {}
    if 'panoptic_fusion_head' in test_cfg:
        _warn('`model.test_cfg.panoptic_fusion_head`', '`model.test_cfg.panoptic`')
        old = test_cfg.pop('panoptic_fusion_head')
        test_cfg['panoptic'] = {**test_cfg.get('panoptic', {}), **old}
    if 'mask_thr' in cfg.get('mask_head', {}):
        _warn(
            '`model.mask_head.mask_thr`', '`model.test_cfg.mask_head.mask_thr_binary`'
        )
        threshold = cfg['mask_head'].pop('mask_thr')
        # What a head's own config says counts more than the network's `test_cfg`.
        cfg['mask_head']['test_cfg'] = dict(mask_thr_binary=threshold)
    return cfg


def _warn(old: str, new: str) -> None:
    warnings.warn(
        f'{old} is a name of version 0.1 and will be gone in version 0.3: use {new}.',
        FutureWarning,
        stacklevel=3,
    )
