"""Values that would end a training late."""

from collections.abc import Callable
from inspect import Parameter
from typing import Literal, Optional, Union

from epsnet_mm.engine.runner_config.value_check import check_type, check_values
from epsnet_mm.evaluation import EPSNetPanopticMetric

import pytest
from mmdet.evaluation.metrics.coco_panoptic_metric import parse_pq_results
from mmengine.config import Config


def argument(annotation):
    return Parameter('a', Parameter.KEYWORD_ONLY, annotation=annotation)


@pytest.mark.parametrize(
    ('value', 'annotation', 'fits'),
    [
        (1, int, True),
        (1.5, int, False),
        ('1', int, False),
        (True, int, False),
        (1, float, True),
        ('x', float, False),
        (1, bool, True),
        (2, bool, False),
        (None, int, True),
        ([1], list[int], True),
        ((1,), list[int], True),
        (1, list[int], False),
        ('a', str | None, True),
        (3, Optional[str], False),  # noqa: UP045  (as MMEngine writes it)
        ('x', Union[str, list, None], True),  # noqa: UP007
        ('dense', Literal['dense', 'sparse'], True),
        (3, Literal['dense', 'sparse'], False),
        ({}, dict, True),
        (3, dict | None, False),
        # Of these nothing is known.
        (3, Callable, True),
        ('x', Union[int, Callable], True),  # noqa: UP007
        (3, 'annotation as text', True),
    ],
)
def test_annotations(value, annotation, fits):
    if fits:
        check_type('a', value, None, argument(annotation))
    else:
        with pytest.raises(ValueError, match=r'^a is .*, but must be '):
            check_type('a', value, None, argument(annotation))


@pytest.mark.parametrize(
    ('value', 'old', 'fits'),
    [
        (2, 1, True),
        (2.5, 1, True),
        ([1, 2], 1, True),
        ('x', 1, False),
        (True, 1, False),
        (False, True, True),
        ('x', True, False),
        ('x', 'y', True),
        (3, 'y', False),
        ({}, {}, True),
        (3, {}, False),
        (3, None, True),
        (3, [1], True),
    ],
)
def test_without_annotation(value, old, fits):
    if fits:
        check_type('a', value, old, None)
    else:
        with pytest.raises(ValueError, match=r'^a is .*, but must be '):
            check_type('a', value, old, None)


METRIC = dict(type='EPSNetPanopticMetric')


@pytest.mark.parametrize(
    'cfg',
    [
        dict(),
        dict(train_cfg=None, default_hooks=None, custom_hooks=None),
        dict(train_cfg=dict(by_epoch=True, max_epochs=1, val_interval=1)),
        dict(train_cfg=dict(type='IterBasedTrainLoop', max_iters=3)),
        dict(default_hooks=dict(timer=None), custom_hooks=[dict(type='EMAHook')]),
        dict(custom_hooks=[dict(type='NoSuchHook', any_key='x')]),
        dict(custom_hooks=[dict(type='EMAHook', priority='LOW')]),
    ],
)
def test_good_configs(cfg):
    check_values(Config(cfg))


@pytest.mark.parametrize(
    ('cfg', 'message'),
    [
        (dict(train_cfg=dict(val_interval=0)), 'train_cfg.val_interval is 0'),
        (dict(train_cfg=dict(max_epochs=-1)), 'train_cfg.max_epochs is -1'),
        (
            dict(train_cfg=dict(max_epochs='3')),
            "max_epochs is '3', but must be a whole",
        ),
        (dict(train_cfg=dict(max_epoch=3)), 'max_epoch is read by nothing: write `max'),
        (
            dict(default_hooks=dict(a=dict(type='CheckpointHook', intervall=1))),
            'default_hooks.a.intervall is read by nothing: write `interval`',
        ),
        (
            dict(custom_hooks=[dict(type='ProgressBarHook', color=1)]),
            r'custom_hooks.0.color is read by nothing: remove it',
        ),
        (
            dict(default_hooks=dict(a=dict(type='CheckpointHook', interval='x'))),
            "default_hooks.a.interval is 'x', but must be a whole number",
        ),
    ],
)
def test_bad_configs(cfg, message):
    with pytest.raises(ValueError, match=message):
        check_values(Config(cfg))


def best(save_best, *metrics):
    hook = dict(type='CheckpointHook', save_best=save_best)
    return Config(
        dict(
            default_hooks=dict(checkpoint=hook),
            val_evaluator=metrics[0] if len(metrics) == 1 else list(metrics),
        )
    )


@pytest.mark.parametrize(
    ('save_best', 'metrics'),
    [
        (None, [METRIC]),
        ('auto', [METRIC]),
        ('coco_panoptic/PQ', [METRIC]),
        (['coco_panoptic/PQ', 'coco_panoptic/SQ_st'], [METRIC]),
        ('mine/PQ', [dict(METRIC, prefix='mine')]),
        ('any', [METRIC, dict(type='CocoMetric')]),
        ('any', [None]),
    ],
)
def test_best_checkpoint(save_best, metrics):
    check_values(best(save_best, *metrics))


@pytest.mark.parametrize(
    ('save_best', 'metrics'),
    [
        ('PQ', [METRIC]),
        (['coco_panoptic/PQ', 'coco_panoptic/XQ'], [METRIC]),
        ('coco_panoptic/PQ', [dict(METRIC, prefix='mine')]),
        ('bbox_mAP', [METRIC, dict(METRIC, prefix='mine')]),
    ],
)
def test_best_checkpoint_by_no_metric(save_best, metrics):
    with pytest.raises(ValueError, match=r'save_best is .* but the evaluator gives'):
        check_values(best(save_best, *metrics))


def test_names_of_the_metric():
    results = {group: dict(pq=0, sq=0, rq=0) for group in ('All', 'Things', 'Stuff')}
    assert set(EPSNetPanopticMetric.METRIC_NAMES) == set(parse_pq_results(results))


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        (dict(default_hooks=[1]), r'default_hooks is \[1\], but must be a dict'),
        (dict(custom_hooks=2.5), r'custom_hooks is 2.5, but must be a list of hooks'),
        (dict(val_evaluator=['x']), r'val_evaluator is .x., but must be a dict'),
        (
            dict(default_hooks=dict(checkpoint=dict(type='Nothing', save_best=3))),
            r'save_best is 3, but must be a text or list',
        ),
        (dict(train_cfg=dict(max_epochs=float('nan'))), 'max_epochs is nan'),
        (
            dict(train_dataloader=dict(sampler=10**30)),
            'train_dataloader.sampler is 10+, but must be a dict',
        ),
    ],
)
def test_values_of_another_kind(changes, message):
    sound = dict(
        default_hooks=dict(checkpoint=dict(type='CheckpointHook', save_best='a/b')),
        val_evaluator=dict(type='EPSNetPanopticMetric'),
    )
    with pytest.raises(ValueError, match=message):
        check_values(Config(sound | changes))
