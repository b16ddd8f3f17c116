"""A schedule for another batch size: the same epochs, in fewer iterations."""

from pathlib import Path

from epsnet_mm.engine import runner_config

import pytest
import torch
from mmengine.config import Config
from mmengine.optim import LinearLR

ROOT = Path(__file__).resolve().parents[3]
ITERATION_BASED = [
    'epsnet_r101_fpn_coco',
    'epsnet_r50_fpn_coco',
    'epsnet_r101_fpn_650px_coco',
    'epsnet_r101_fpn_ema_coco',
]


def read(name: str) -> Config:
    return Config.fromfile(ROOT / f'configs/epsnet/{name}.py')


def scaled(name: str, processes: int) -> Config:
    cfg = read(name)
    runner_config.enable_auto_scale_lr(cfg, processes)
    return cfg


@pytest.mark.parametrize('name', ITERATION_BASED)
def test_eight_processes_train_the_same_epochs(name):
    before, after = read(name), scaled(name, 8)
    assert after.train_dataloader.batch_size == before.train_dataloader.batch_size == 2
    assert after.optim_wrapper.optimizer.lr == 8 * before.optim_wrapper.optimizer.lr
    # Images are iterations x 2 before and iterations x 16 after.
    pairs = [
        (before.train_cfg.max_iters, after.train_cfg.max_iters),
        (before.train_cfg.val_interval, after.train_cfg.val_interval),
        (
            before.default_hooks.checkpoint.interval,
            after.default_hooks.checkpoint.interval,
        ),
        *zip(
            before.param_scheduler[1].milestones,
            after.param_scheduler[1].milestones,
            strict=True,
        ),
    ]
    for old, new in pairs:
        assert old * 2 == new * 16


def test_eight_processes_by_hand():
    cfg = scaled('epsnet_r101_fpn_coco', 8)
    assert cfg.train_cfg.max_iters == 400_000
    assert cfg.train_cfg.val_interval == 5_000
    assert cfg.default_hooks.checkpoint.interval == 5_000
    warm_up, steps = cfg.param_scheduler
    assert steps.milestones == [140_000, 300_000, 350_000, 375_000]
    assert warm_up.end == 4_000
    assert warm_up.start_factor == pytest.approx(0.1 / 8)
    assert cfg.optim_wrapper.optimizer.lr == pytest.approx(8e-3)
    assert cfg.optim_wrapper.clip_grad == dict(max_norm=35.0, norm_type=2)


def rates(cfg: Config, iterations: int) -> list[float]:
    """Learning rates of the first iterations, with the warm-up alone."""
    optimizer = torch.optim.SGD(
        [torch.zeros(1, requires_grad=True)], lr=cfg.optim_wrapper.optimizer.lr
    )
    warm_up = {key: v for key, v in cfg.param_scheduler[0].items() if key != 'type'}
    scheduler = LinearLR(optimizer, **warm_up)
    found = []
    for _ in range(iterations):
        found.append(optimizer.param_groups[0]['lr'])
        optimizer.step()
        scheduler.step()
    return found


def test_warm_up_starts_as_low_and_rises_no_faster():
    before = rates(read('epsnet_r101_fpn_coco'), 500)
    after = rates(scaled('epsnet_r101_fpn_coco', 8), 4_001)
    assert after[0] == pytest.approx(before[0]) == pytest.approx(1e-4)
    # Both reach 1e-3 after 500 iterations, within the 10 % of the start.
    assert after[499] == pytest.approx(before[499], rel=0.11)
    assert after[4_000] == pytest.approx(8e-3)


def test_warm_up_is_at_most_a_twentieth_of_the_training():
    cfg = read('epsnet_r101_fpn_coco')
    cfg.train_dataloader.batch_size = 16
    runner_config.enable_auto_scale_lr(cfg, 8)
    assert cfg.train_cfg.max_iters == 50_000
    assert cfg.param_scheduler[0].end == 2_500
    # The last step still comes before the end, the first after the warm-up.
    assert cfg.param_scheduler[1].milestones[0] == 17_500


def test_smaller_batch():
    cfg = read('epsnet_r101_fpn_coco')
    cfg.train_dataloader.batch_size = 1
    runner_config.enable_auto_scale_lr(cfg, 1)
    assert cfg.train_cfg.max_iters == 6_400_000
    assert cfg.optim_wrapper.optimizer.lr == pytest.approx(5e-4)
    assert cfg.param_scheduler[0].end == 500
    assert cfg.optim_wrapper.get('clip_grad') is None


def test_base_batch_size_changes_nothing():
    cfg, expected = scaled('epsnet_r101_fpn_coco', 1), read('epsnet_r101_fpn_coco')
    assert cfg.to_dict() == expected.to_dict()


def test_scaled_config_is_not_scaled_again():
    """`work_dir` has a copy of the config, which one may train with."""
    cfg = scaled('epsnet_r101_fpn_coco', 8)
    before = cfg.to_dict()
    runner_config.enable_auto_scale_lr(cfg, 8)
    assert cfg.to_dict() == before
    assert cfg.auto_scale_lr.base_batch_size == 16
    # The Runner would multiply the rate once more.
    assert cfg.auto_scale_lr.enable is False


def test_average_of_weights_reaches_as_far():
    before = read('epsnet_r101_fpn_ema_coco').custom_hooks[0]
    after = scaled('epsnet_r101_fpn_ema_coco', 8).custom_hooks[0]
    kept = (1 - before.momentum) ** 80
    assert (1 - after.momentum) ** 10 == pytest.approx(kept)
    assert after.gamma == 250


def test_own_clipping_is_kept():
    cfg = read('epsnet_r101_fpn_coco')
    cfg.optim_wrapper.clip_grad = dict(max_norm=1.0)
    runner_config.enable_auto_scale_lr(cfg, 8)
    assert cfg.optim_wrapper.clip_grad == dict(max_norm=1.0)


def test_config_that_counts_epochs_is_left_to_the_runner():
    cfg, expected = scaled('epsnet_r18_fpn_shapes', 8), read('epsnet_r18_fpn_shapes')
    expected.auto_scale_lr.enable = True
    assert cfg.to_dict() == expected.to_dict()


def test_other_schedules():
    cfg = read('epsnet_r101_fpn_coco')
    cfg.train_cfg.update(val_begin=80, dynamic_intervals=[(800, 80)])
    cfg.param_scheduler = [
        dict(type='CosineAnnealingLR', by_epoch=False, begin=80, end=800, T_max=720),
        dict(type='StepLR', by_epoch=False, step_size=80),
        dict(type='StepLR', step_size=80),
    ]
    runner_config.enable_auto_scale_lr(cfg, 8)
    cosine, step, by_epoch = cfg.param_scheduler
    assert (cosine.begin, cosine.end, cosine.T_max) == (10, 100, 90)
    assert (step.step_size, by_epoch.step_size) == (10, 80)
    assert cfg.train_cfg.val_begin == 10
    assert [tuple(pair) for pair in cfg.train_cfg.dynamic_intervals] == [(100, 10)]


def test_schedule_that_cannot_be_converted():
    cfg = read('epsnet_r101_fpn_coco')
    cfg.param_scheduler = [dict(type='ExponentialLR', by_epoch=False, gamma=0.9)]
    with pytest.raises(ValueError, match='cannot convert ExponentialLR'):
        runner_config.enable_auto_scale_lr(cfg, 8)


def test_base_batch_size_is_needed():
    with pytest.raises(ValueError, match=r'auto_scale_lr.base_batch_size'):
        runner_config.enable_auto_scale_lr(Config())


@pytest.mark.parametrize(
    ('launcher', 'variable'),
    [
        ('pytorch', 'WORLD_SIZE'),
        ('slurm', 'SLURM_NTASKS'),
        ('mpi', 'OMPI_COMM_WORLD_SIZE'),
    ],
)
def test_number_of_processes(monkeypatch, launcher, variable):
    monkeypatch.setenv(variable, '8')
    assert runner_config.count_processes(launcher) == 8
    assert runner_config.count_processes('none') == 1
