"""Keys that have their value from a variable."""

from epsnet_mm.engine.runner_config.expanded_variables import keys_with_value_of

import pytest
from mmengine.config import Config

CFG = Config(
    dict(
        root='data/x/',
        kind='A',
        size=(8, 8),
        max_epochs=8,
        channels=8,
        empty=None,
        pipeline=[dict(type='A'), dict(type='B', size=(8, 8))],
        unused='nowhere',
        train_dataloader=dict(
            batch_size=8,
            dataset=dict(
                type='A',
                root='data/x/',
                pipeline=[dict(type='A'), dict(type='B', size=(8, 8))],
            ),
        ),
        val_evaluator=dict(ann_file='data/x/a.json', empty=None),
        train_cfg=dict(max_epochs=8, val_interval=8),
        model=dict(out_channels=8, strides=[8, 8]),
    )
)
DATASET = 'train_dataloader.dataset'


@pytest.mark.parametrize(
    ('variable', 'expected'),
    [
        ('root', [f'{DATASET}.root', 'val_evaluator.ann_file']),
        ('kind', [f'{DATASET}.type', f'{DATASET}.pipeline.0.type']),
        ('size', [f'{DATASET}.pipeline.1.size', 'model.strides']),
        ('max_epochs', ['train_cfg.max_epochs', 'train_cfg.val_interval']),
        ('channels', ['model.out_channels']),
        ('empty', ['val_evaluator.empty']),
        ('pipeline', [f'{DATASET}.pipeline']),
        ('unused', []),
    ],
)
def test_keys(variable, expected):
    assert keys_with_value_of(CFG, variable) == expected


def test_many_keys_are_cut_short():
    cfg = Config(dict(a='x', model={f'key{i}': 'x' for i in range(9)}))
    assert keys_with_value_of(cfg, 'a') == [
        *(f'model.key{i}' for i in range(6)),
        '...',
    ]
