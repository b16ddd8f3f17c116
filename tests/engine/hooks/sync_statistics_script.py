"""Trains in one of two processes; `test_sync_statistics_hook.py` starts both.

`python sync_statistics_script.py FOLDER` makes each training of `TRAININGS`.
"""

import json
import sys
from pathlib import Path

import epsnet_mm  # noqa: F401
from epsnet_mm.engine import runner_config

import torch
from mmdet.registry import HOOKS
from mmengine.config import Config
from mmengine.dist import get_rank
from mmengine.evaluator import BaseMetric
from mmengine.hooks import Hook
from mmengine.model import BaseModel
from mmengine.registry import DATASETS, METRICS, MODELS
from mmengine.runner import Runner
from torch import nn
from torch.utils.data import Dataset

#: Folder -> loop, kind of averaged model, hook.
TRAININGS = {
    'iter': ('iter', 'none', 'SyncStatisticsHook'),
    'iter-ema': ('iter', 'EMAHook', 'SyncStatisticsHook'),
    'iter-ema-buffers': ('iter', 'EMAHook-buffers', 'SyncStatisticsHook'),
    'epoch': ('epoch', 'none', 'SyncStatisticsHook'),
    'epoch-ema': ('epoch', 'EMAHook', 'SyncStatisticsHook'),
    'epoch-ema-buffers': ('epoch', 'EMAHook-buffers', 'SyncStatisticsHook'),
    'no-hook': ('iter', 'none', 'none'),
}


@MODELS.register_module()
class NormalizingModel(BaseModel):
    """A trained batch normalization, and a frozen one as in a backbone."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(3, 4)
        self.norm = nn.BatchNorm1d(4)
        self.frozen = nn.BatchNorm1d(4)

    def train(self, mode: bool = True):
        super().train(mode)
        self.frozen.eval()
        return self

    def forward(self, inputs, mode: str = 'tensor'):
        out = self.frozen(self.norm(self.linear(torch.stack(inputs))))
        return dict(loss=(out**3).mean()) if mode == 'loss' else list(out)


@DATASETS.register_module()
class Drifting(Dataset):
    """Every other image, which is the other process's, is three times as large."""

    def __init__(self) -> None:
        generator = torch.Generator().manual_seed(0)
        self.images = torch.randn(16, 3, generator=generator)
        self.images[1::2] *= 3

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> dict:
        return dict(inputs=self.images[index])


@METRICS.register_module()
class MeanOutput(BaseMetric):
    def process(self, data_batch, data_samples) -> None:
        self.results += [sample.abs().sum().item() for sample in data_samples]

    def compute_metrics(self, results: list) -> dict[str, float]:
        return dict(mean=sum(results) / len(results))


@HOOKS.register_module()
class Recorder(Hook):
    """Writes the buffers of each process, and the metrics, at each validation."""

    priority = 'VERY_LOW'

    def before_val_epoch(self, runner) -> None:
        model = getattr(runner.model, 'module', runner.model)
        self.buffers = {name: buffer.tolist() for name, buffer in model.named_buffers()}

    def after_val_epoch(self, runner, metrics=None) -> None:
        path = Path(runner.work_dir, f'{get_rank()}_{runner.iter}.json')
        content = dict(metrics=metrics, buffers=self.buffers)
        path.write_text(json.dumps(content), encoding='utf-8')


def config(work_dir: str, loop: str, ema: str, hook: str) -> Config:
    """Validates and saves after each second iteration, of four."""
    loader = dict(
        batch_size=4,
        dataset=dict(type='Drifting'),
        sampler=dict(type='DefaultSampler', shuffle=False),
    )
    by_epoch = loop == 'epoch'
    length = (
        dict(by_epoch=True, max_epochs=2, val_interval=1)
        if by_epoch
        else dict(by_epoch=False, max_iters=4, val_interval=2)
    )
    hooks = [dict(type='mmdet.Recorder')]
    if ema != 'none':
        hooks.append(
            dict(type='EMAHook', momentum=0.3, update_buffers=ema.endswith('buffers'))
        )
    if hook != 'none':
        hooks.append(dict(type=f'mmdet.{hook}'))
    return Config(
        dict(
            default_scope='mmengine',
            model=dict(type='NormalizingModel'),
            work_dir=work_dir,
            train_dataloader=loader,
            train_cfg=length,
            optim_wrapper=dict(optimizer=dict(type='SGD', lr=0.01)),
            val_dataloader=loader,
            val_cfg=dict(),
            val_evaluator=dict(type='MeanOutput'),
            default_hooks=dict(
                checkpoint=dict(
                    type='CheckpointHook',
                    interval=1 if by_epoch else 2,
                    by_epoch=by_epoch,
                )
            ),
            custom_hooks=hooks,
            randomness=dict(seed=0),
            log_level='ERROR',
            experiment_name=f'{loop} {ema} {hook}',
        )
    )


def main() -> None:
    """Train as `tools/train.py --launcher pytorch` does."""
    for name, training in TRAININGS.items():
        cfg = config(f'{sys.argv[1]}/{name}', *training)
        runner_config.set_launcher(cfg, 'pytorch')
        Runner.from_cfg(cfg).train()


if __name__ == '__main__':
    main()
