"""The single-precision wrapper is upstream's with the check added."""

from epsnet_mm.engine.optim_wrappers import FiniteOptimWrapper

from mmdet.registry import OPTIM_WRAPPERS
from mmengine.optim import OptimWrapper, build_optim_wrapper
from torch import nn


def test_built_from_a_config():
    wrapper = build_optim_wrapper(
        nn.Linear(1, 1),
        dict(
            type='mmdet.FiniteOptimWrapper',
            optimizer=dict(type='SGD', lr=0.1),
            accumulative_counts=2,
            max_skipped_steps=7,
        ),
    )
    assert type(wrapper) is OPTIM_WRAPPERS.get('FiniteOptimWrapper')
    assert type(wrapper) is FiniteOptimWrapper
    assert isinstance(wrapper, OptimWrapper)
    assert wrapper.max_skipped_steps == 7
