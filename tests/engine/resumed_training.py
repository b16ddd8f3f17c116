"""A training that is interrupted and resumed; `test_resumed_training.py` compares.

`python resumed_training.py FOLDER` makes the trainings of `TWO_PROCESSES`, in one of
two processes.
"""

import random
import sys
from pathlib import Path

import epsnet_mm  # noqa: F401
from epsnet_mm.datasets.synthetic.shapes import make_shapes
from epsnet_mm.engine import runner_config
from epsnet_mm.engine.safe_load import install_safe_load

import numpy as np
import torch
from mmdet.registry import HOOKS
from mmengine.config import Config
from mmengine.evaluator import BaseMetric
from mmengine.hooks import Hook
from mmengine.model import BaseModel
from mmengine.registry import METRICS, MODELS
from mmengine.runner import Runner
from torch import nn

IMAGES = 8
#: Name -> loop, number of workers.
TWO_PROCESSES = {'iter-0': ('iter', 0), 'epoch-1': ('epoch', 1)}
# Iterations in all, and at the checkpoint, which is in the middle of an epoch.
LAST, STOP = 8, 3


@MODELS.register_module(force=True)
class RandomModel(BaseModel):
    """Draws from all generators, and trains a batch normalization."""

    def __init__(self) -> None:
        super().__init__(
            dict(type='mmdet.DetDataPreprocessor', mean=[99], std=[50], pad_mask=False)
        )
        self.layers = nn.Sequential(
            nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Dropout(), nn.Conv2d(4, 2, 3)
        )

    def forward(self, inputs, data_samples=None, mode: str = 'tensor'):
        out = self.layers(inputs)
        if mode == 'loss':
            noise = torch.rand(1) + random.random() + np.random.rand()
            return dict(loss=(out - noise).square().mean())
        return [out.mean()]


@METRICS.register_module(force=True)
class RandomMetric(BaseMetric):
    """Draws random numbers, as drawing pictures may do."""

    def process(self, data_batch, data_samples) -> None:
        torch.rand(3), random.random(), np.random.rand()
        self.results.append(0)

    def compute_metrics(self, results: list) -> dict[str, float]:
        return dict(count=len(results))


@HOOKS.register_module(force=True)
class BatchRecorder(Hook):
    """Keeps the sum of each batch, in `seen`."""

    def __init__(self) -> None:
        self.seen = []

    def before_train_iter(self, runner, batch_idx, data_batch=None) -> None:
        self.seen.append(sum(image.sum().item() for image in data_batch['inputs']))


def make_data(folder: Path) -> None:
    """Eight images of 32 pixels."""
    make_shapes(str(folder), train=IMAGES, val=2, size=32)


def config(
    data: Path, work_dir: Path, loop: str, workers: int, batch_size: int = 2, **changes
) -> Config:
    """A config of eight iterations, with checkpoints in between."""
    by_epoch = loop == 'epoch'
    augmentation = [
        dict(type='LoadImageFromFile'),
        dict(type='LoadPanopticSegments'),
        dict(type='PhotoMetricDistortion'),
        dict(type='RandomFlip', prob=0.5),
        dict(type='RandomCrop', crop_size=(24, 24), allow_negative_crop=True),
        dict(type='PackDetInputs', meta_keys=()),
    ]
    dataset = dict(
        type='EPSNetPanopticDataset',
        data_root=str(data),
        ann_file='annotations/panoptic_train.json',
        data_prefix=dict(img='train/', seg='annotations/panoptic_train/'),
        pipeline=augmentation,
    )
    loader = dict(
        batch_size=batch_size,
        num_workers=workers,
        persistent_workers=workers > 0,
        dataset=dataset,
        sampler=dict(
            type='ResumableSampler' if by_epoch else 'ResumableInfiniteSampler'
        ),
    )
    length = (
        dict(type='ResumableEpochBasedTrainLoop', max_epochs=2)
        if by_epoch
        else dict(type='IterBasedTrainLoop', max_iters=LAST, val_interval=4)
    )
    runtime = Config.fromfile(
        Path(__file__).parents[2] / 'configs/_base_/default_runtime.py'
    )
    hooks = runtime.default_hooks
    hooks.checkpoint = dict(type='AtomicCheckpointHook', interval=STOP, by_epoch=False)
    hooks.logger.interval = 1
    hooks.pop('visualization')
    cfg = dict(
        default_scope='mmdet',
        default_hooks=hooks,
        model=dict(type='mmengine.RandomModel'),
        work_dir=str(work_dir),
        train_dataloader=loader,
        train_cfg=length,
        optim_wrapper=dict(
            type='FiniteOptimWrapper', optimizer=dict(type='SGD', lr=0.1, momentum=0.9)
        ),
        param_scheduler=[
            dict(type='LinearLR', start_factor=0.1, by_epoch=False, end=5),
            dict(type='MultiStepLR', by_epoch=by_epoch, milestones=[1], gamma=0.5),
        ],
        val_dataloader=dict(loader, sampler=dict(type='DefaultSampler')),
        val_cfg=dict(),
        val_evaluator=dict(type='mmengine.RandomMetric'),
        custom_hooks=[
            dict(type='EMAHook', momentum=0.3, priority=49),
            dict(type='BatchRecorder'),
        ],
        log_processor=dict(by_epoch=by_epoch),
        env_cfg=dict(mp_cfg=dict(mp_start_method='fork')),
        randomness=dict(seed=0),
        log_level='ERROR',
        experiment_name=str(work_dir).replace('/', '_'),
    )
    return Config(cfg | changes)


def train_twice(
    data: Path, folder: Path, *settings, launcher: str = 'none', **changes
) -> tuple[list, list]:
    """Train in `whole`, and from its checkpoint `STOP` on in `resumed`.

    Returns:
        What each has seen.
    """
    install_safe_load()
    seen = []
    for name in ('whole', 'resumed'):
        cfg = config(data, folder / name, *settings, **changes)
        if name == 'resumed':
            cfg.resume = True
            cfg.load_from = str(folder / f'whole/iter_{STOP}.pth')
        runner_config.set_launcher(cfg, launcher)
        runner = Runner.from_cfg(cfg)
        runner.train()
        seen += [hook.seen for hook in runner.hooks if isinstance(hook, BatchRecorder)]
    return seen


def main() -> None:
    """Train as `tools/train.py --launcher pytorch` does."""
    folder = Path(sys.argv[1])
    for name, settings in TWO_PROCESSES.items():
        # Two processes with an image each see as many images as one with two.
        whole, resumed = train_twice(
            folder / 'data', folder / name, *settings, 1, launcher='pytorch'
        )
        assert resumed == whole[STOP:]


if __name__ == '__main__':
    main()
