"""The lists of keys agree with the code that reads them."""

import inspect
import re

import epsnet_mm  # noqa: F401  (registers the heads)
from epsnet_mm.engine.runner_config.known_keys import EXTRA, KEYS, RUNNER_KEYS, keys_at

import pytest
from mmengine.config import Config
from mmengine.optim import DefaultOptimWrapperConstructor, build_optim_wrapper
from mmengine.runner import Runner

CFG = Config(
    dict(
        model=dict(
            type='EPSNet',
            bbox_head=dict(type='EPSNetInstanceHead'),
            mask_head=dict(type='MaskAssemblyHead'),
            panoptic_fusion_head=dict(type='EPSNetFusionHead'),
        ),
        data=dict(type='EPSNetPanopticDataset'),
        loop=dict(type='Unknown'),
    )
)


def read_keys(code, name: str) -> set[str]:
    """Keys that code takes from a dict of this name."""
    source = inspect.getsource(code)
    return set(re.findall(rf"{name}(?:\.(?:get|pop)\(|\[)\s*'(\w+)'", source))


@pytest.mark.parametrize(
    ('keys', 'code', 'name'),
    [
        (
            KEYS['*.paramwise_cfg'],
            DefaultOptimWrapperConstructor.add_params,
            'paramwise_cfg',
        ),
        (KEYS['*.paramwise_cfg.custom_keys.*'], DefaultOptimWrapperConstructor, r'\]'),
        (KEYS['env_cfg'], Runner.setup_env, 'env_cfg'),
        (KEYS['*_dataloader'], Runner.build_dataloader, 'dataloader_cfg'),
        (
            EXTRA['optim_wrapper'] | {'type', 'optimizer'},
            build_optim_wrapper,
            'optim_wrapper_cfg',
        ),
        (RUNNER_KEYS, Runner, r'self\.cfg'),
        (RUNNER_KEYS, Runner.from_cfg, 'cfg'),
    ],
)
def test_what_mmengine_reads(keys, code, name):
    found = read_keys(code, name)
    assert found
    assert found <= keys


@pytest.mark.parametrize(
    ('path', 'expected'),
    [
        ('model.test_cfg', {'bbox_head', 'mask_head', 'panoptic'}),
        ('model.train_cfg', {'bbox_head'}),
        ('model.train_cfg.bbox_head', {'assigner'}),
        ('model.test_cfg.panoptic', {'mask_overlap', 'stuff_area_limit'}),
        ('model.test_cfg.mask_head', {'mask_thr_binary'}),
        ('data.data_prefix', {'img', 'ann', 'seg'}),
        ('optim_wrapper.clip_grad', {'type', 'max_norm', 'norm_type', 'clip_value'}),
    ],
)
def test_keys(path, expected):
    keys = keys_at(CFG, path, {})
    assert not keys.is_open
    assert expected <= set(keys.parameters)
    assert 'parameters' not in keys.parameters


@pytest.mark.parametrize('path', ['data.metainfo', 'data.backend_args', 'loop'])
def test_any_key(path):
    assert keys_at(CFG, path, CFG.get(path, {})).is_open


@pytest.mark.parametrize('path', ['data.anything', 'no.such.path'])
def test_nothing_is_known(path):
    assert keys_at(CFG, path, {}) is None


def test_a_loop_by_iterations():
    keys = keys_at(CFG, 'train_cfg', dict(by_epoch=False)).parameters
    assert {'by_epoch', 'max_iters'} <= set(keys)
    assert 'max_epochs' not in keys
