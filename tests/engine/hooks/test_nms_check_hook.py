"""An NMS that cannot run stops the training before its first iteration."""

import sys
from types import SimpleNamespace

from epsnet_mm.engine.hooks import NMSCheckHook
from tests.requirements import needs_ops

import pytest
from mmengine.config import ConfigDict
from mmengine.hooks import Hook
from mmengine.runner import Runner

from ..tiny_runner import tiny_config


class Reached(Hook):
    """Notes that an iteration has begun."""

    def __init__(self) -> None:
        self.iterations = 0

    def before_train_iter(self, runner, batch_idx, data_batch=None) -> None:
        self.iterations += 1


def train(tmp_path, nms: dict | None, **changes) -> Reached:
    reached = Reached()
    cfg = tiny_config(tmp_path / 'w', log_level='ERROR', **changes)
    runner = Runner.from_cfg(cfg)
    if nms is not None:
        runner.model.cls.test_cfg = ConfigDict(nms=nms, score_thr=0.1)
    runner.register_hook(NMSCheckHook())
    runner.register_hook(reached)
    try:
        runner.train()
    except RuntimeError:
        assert reached.iterations == 0
        raise
    return reached


@pytest.fixture
def no_nms(monkeypatch):
    """What mmcv says where its ops are for another device."""

    def fail(*args, **kwargs):
        raise RuntimeError('nms_impl: implementation for device cuda:0 not found.')

    # The attribute `mmcv.ops.nms` is the function.
    module = sys.modules['mmcv.ops.nms']
    monkeypatch.setattr(module, 'ext_module', SimpleNamespace(nms=fail))


def test_nms_that_cannot_run_is_named_with_the_remedies(tmp_path, no_nms):
    with pytest.raises(RuntimeError) as error:
        train(tmp_path, dict(type='nms', iou_threshold=0.5))
    for words in (
        "mmcv's `nms` does not run on cpu",
        'implementation for device cuda:0 not found',
        '`make ops`',
        "nms=dict(type='fast_nms'",
    ):
        assert words in str(error.value)


@pytest.mark.parametrize(
    ('nms', 'changes'),
    [
        (dict(type='fast_nms', iou_threshold=0.5, top_k=9), {}),
        (None, {}),
        (
            dict(type='nms', iou_threshold=0.5),
            dict(val_cfg=None, val_dataloader=None, val_evaluator=None),
        ),
    ],
    ids=['fast_nms', 'no detector', 'no validation'],
)
def test_training_that_needs_no_compiled_nms(tmp_path, no_nms, nms, changes):
    assert train(tmp_path, nms, **changes).iterations == 1


@needs_ops
def test_compiled_nms_passes(tmp_path):
    assert train(tmp_path, dict(type='nms', iou_threshold=0.5)).iterations == 1
