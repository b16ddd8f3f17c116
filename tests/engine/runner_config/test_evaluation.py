"""Options of a test."""

from epsnet_mm.engine import runner_config

import pytest
from mmengine.config import Config


def test_tta_takes_the_configs():
    cfg = Config(
        dict(
            model=dict(type='A'),
            tta_model=dict(type='B'),
            tta_pipeline=[dict(type='C')],
            test_dataloader=dict(dataset=dict(pipeline=[])),
        )
    )
    runner_config.enable_tta(cfg)
    assert cfg.model == dict(type='B', module=dict(type='A'))
    assert cfg.test_dataloader.dataset.pipeline == [dict(type='C')]


def test_tta_is_not_made_up():
    with pytest.raises(ValueError, match='tta_model and tta_pipeline'):
        runner_config.enable_tta(Config(dict(model=dict(type='A'))))


def config_with(*types, seg='png'):
    return Config(
        dict(
            test_dataloader=dict(
                dataset=dict(
                    data_prefix=dict(img='i', seg=seg),
                    pipeline=[dict(type=kind) for kind in types],
                )
            )
        )
    )


@pytest.mark.parametrize(
    ('cfg', 'expected'),
    [
        (
            config_with('Load', 'Resize', 'Pack'),
            ['Load', 'Resize', 'LoadPanopticSegments', 'Pack'],
        ),
        (
            config_with('LoadPanopticAnnotations', 'Pack'),
            ['LoadPanopticAnnotations', 'Pack'],
        ),
        (config_with('Load', 'Pack', seg=''), ['Load', 'Pack']),
    ],
)
def test_ground_truth_is_loaded_last(cfg, expected):
    runner_config.add_ground_truth(cfg)
    pipeline = cfg.test_dataloader.dataset.pipeline
    assert [transform.type for transform in pipeline] == expected


@pytest.mark.parametrize(
    ('given', 'expected'),
    [
        ('DetVisualizationHook', 'PanopticVisualizationHook'),
        ('PanopticVisualizationHook', 'PanopticVisualizationHook'),
        ('TheirHook', 'TheirHook'),
    ],
)
def test_hook_of_pictures(given, expected):
    hook = dict(type=given, score_thr=0.1)
    cfg = Config(dict(default_hooks=dict(visualization=hook)))
    runner_config.keep_picture_folders(cfg)
    assert cfg.default_hooks.visualization == dict(type=expected, score_thr=0.1)
