"""An NMS that cannot run stops the training before its first iteration."""

import sys
from types import SimpleNamespace

from epsnet_mm.engine.hooks import NMSCheckHook
from epsnet_mm.environment.nms_backend import greedy_nms_on
from tests.models.heads.small_instance_head import small_head
from tests.requirements import needs_ops

import pytest
from mmengine.config import ConfigDict
from mmengine.hooks import Hook
from mmengine.registry import DefaultScope
from mmengine.runner import Runner

from ..tiny_runner import tiny_config


class Reached(Hook):
    """Notes that an iteration has begun."""

    def __init__(self) -> None:
        self.iterations = 0

    def before_train_iter(self, runner, batch_idx, data_batch=None) -> None:
        self.iterations += 1


def train(tmp_path, nms: dict | None, head: str | None = None, **changes) -> Reached:
    """Train a step of a network with this NMS, in EPSNet's head or in another one."""
    reached = Reached()
    cfg = tiny_config(tmp_path / 'w', log_level='ERROR', **changes)
    runner = Runner.from_cfg(cfg)
    if head == 'EPSNetInstanceHead':
        with DefaultScope.overwrite_default_scope('mmdet'):
            runner.model.cls.head = small_head(nms).requires_grad_(False)
    elif nms is not None:
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
def no_ops(monkeypatch):
    """What mmcv says where its ops are for another device; and no torchvision."""

    def fail(*args, **kwargs):
        raise RuntimeError('nms_impl: implementation for device cuda:0 not found.')

    # The attribute `mmcv.ops.nms` is the function.
    module = sys.modules['mmcv.ops.nms']
    monkeypatch.setattr(module, 'ext_module', SimpleNamespace(nms=fail, softnms=fail))
    monkeypatch.setitem(sys.modules, 'torchvision.ops', None)
    greedy_nms_on.cache_clear()
    yield
    greedy_nms_on.cache_clear()


GREEDY = dict(type='nms', iou_threshold=0.5)
FAST = dict(type='fast_nms', iou_threshold=0.5, top_k=9)
SOFT = dict(type='soft_nms', iou_threshold=0.5)


@pytest.mark.parametrize(
    ('nms', 'head'),
    [(SOFT, 'EPSNetInstanceHead'), (SOFT, 'another'), (GREEDY, 'another')],
    ids=['soft', 'soft, another head', 'greedy, another head'],
)
def test_nms_that_cannot_run_is_named_with_the_remedies(tmp_path, no_ops, nms, head):
    with pytest.raises(RuntimeError) as error:
        train(tmp_path, nms, head)
    for words in (
        f"mmcv's `{nms['type']}` does not run on cpu",
        'implementation for device cuda:0 not found',
        '`make ops`',
        "type='nms'",
    ):
        assert words in str(error.value)


@pytest.mark.parametrize(
    ('nms', 'head', 'changes'),
    [
        (GREEDY, 'EPSNetInstanceHead', {}),
        (FAST, 'EPSNetInstanceHead', {}),
        (None, None, {}),
        (
            SOFT,
            'EPSNetInstanceHead',
            dict(val_cfg=None, val_dataloader=None, val_evaluator=None),
        ),
    ],
    ids=['greedy', 'fast', 'no detector', 'no validation'],
)
def test_training_that_needs_no_compiled_nms(tmp_path, no_ops, nms, head, changes):
    assert train(tmp_path, nms, head, **changes).iterations == 1


@needs_ops
@pytest.mark.parametrize('nms', [GREEDY, SOFT], ids=lambda x: x['type'])
@pytest.mark.parametrize('head', ['EPSNetInstanceHead', 'another'])
def test_compiled_nms_passes(tmp_path, nms, head):
    assert train(tmp_path, nms, head).iterations == 1
