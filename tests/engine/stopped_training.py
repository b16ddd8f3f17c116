"""A training without end; `test_stopped_training.py` stops it.

`python stopped_training.py FOLDER LAUNCHER WORKERS` writes `PID.started` for each of
its processes, after a few iterations.
"""

import os
import sys
from pathlib import Path

import epsnet_mm  # noqa: F401
from epsnet_mm.engine import runner_config
from epsnet_mm.engine.lost_processes import name_lost_processes

import torch
from mmdet.registry import HOOKS
from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.model import BaseModel
from mmengine.registry import DATASETS, MODELS
from mmengine.runner import Runner
from torch import nn
from torch.utils.data import Dataset


@MODELS.register_module()
class SmallModel(BaseModel):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 1)

    def forward(self, inputs, mode: str = 'tensor'):
        return dict(loss=self.layer(torch.stack(inputs)[:, :4]).square().mean())


@DATASETS.register_module()
class LargeSamples(Dataset):
    """Workers are ahead, and wait to hand over a batch of megabytes."""

    def __len__(self) -> int:
        return 64

    def __getitem__(self, index: int) -> dict:
        return dict(inputs=torch.full((1_000_000,), float(index)))


@HOOKS.register_module()
class Starter(Hook):
    def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
        if runner.iter == 3:
            Path(runner.work_dir, f'{os.getpid()}.started').touch()


def config(folder: str, workers: int) -> Config:
    """Saves on a signal only."""
    root = Path(__file__).parents[2]
    runtime = Config.fromfile(root / 'configs/_base_/default_runtime.py')
    hooks = runtime.default_hooks
    hooks.pop('visualization')
    hooks.checkpoint = dict(type='AtomicCheckpointHook', by_epoch=False, interval=-1)
    return Config(
        dict(
            default_scope='mmdet',
            default_hooks=hooks,
            model=dict(type='mmengine.SmallModel'),
            work_dir=folder,
            train_dataloader=dict(
                batch_size=2,
                num_workers=workers,
                worker_init_fn=dict(type='end_with_training'),
                dataset=dict(type='mmengine.LargeSamples'),
                sampler=dict(type='ResumableInfiniteSampler'),
            ),
            train_cfg=dict(type='IterBasedTrainLoop', max_iters=10**9),
            optim_wrapper=dict(optimizer=dict(type='SGD', lr=1e-3)),
            param_scheduler=[],
            custom_hooks=[dict(type='Starter')],
            env_cfg=dict(
                mp_cfg=dict(mp_start_method='fork'), dist_cfg=dict(timeout=20)
            ),
            randomness=dict(seed=0),
            log_level='WARNING',
            experiment_name='stopped',
        )
    )


def main() -> None:
    """Train as `tools/train.py --save-on-signal` does."""
    folder, launcher, workers = sys.argv[1:]
    torch.set_num_threads(1)
    cfg = config(folder, int(workers))
    runner_config.enable_save_on_signal(cfg)
    runner_config.set_launcher(cfg, launcher)
    runner = Runner.from_cfg(cfg)
    with name_lost_processes():
        runner.train()


if __name__ == '__main__':
    main()
