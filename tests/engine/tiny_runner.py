"""A Runner that trains in milliseconds: real loops, a model of three layers."""

from pathlib import Path

import epsnet_mm  # noqa: F401

import torch
from mmengine.evaluator import BaseMetric
from mmengine.model import BaseModel
from mmengine.registry import DATASETS, METRICS, MODELS
from torch import nn


@MODELS.register_module(force=True)
class TinyModel(BaseModel):
    """Six keys, two of which depend on the number of classes."""

    def __init__(self, num_classes: int = 3, width: int = 4) -> None:
        super().__init__()
        self.backbone = nn.Linear(2, width)
        self.neck = nn.Linear(width, width)
        self.cls = nn.Linear(width, num_classes)

    def forward(self, inputs, mode: str = 'tensor'):
        out = self.cls(self.neck(self.backbone(torch.stack(inputs))))
        return dict(loss=out.sum()) if mode == 'loss' else [out]


@METRICS.register_module(force=True)
class CountMetric(BaseMetric):
    """Number of images, printed as libraries do it."""

    def process(self, data_batch, data_samples) -> None:
        self.results.append(0)

    def compute_metrics(self, results: list) -> dict[str, float]:
        print('printed by a library')
        return dict(count=len(results))


@DATASETS.register_module(force=True)
class Ones(list):
    def __init__(self, length: int = 1) -> None:
        super().__init__([dict(inputs=torch.ones(2)) for _ in range(length)])


def tiny_config(work_dir: Path, images: int = 1, **changes) -> dict:
    """A config for `Runner.from_cfg`; `changes` replace its entries."""
    loader = dict(
        batch_size=1,
        dataset=dict(type='Ones', length=images),
        sampler=dict(type='DefaultSampler', shuffle=False),
    )
    cfg = dict(
        model=dict(type='TinyModel'),
        work_dir=str(work_dir),
        train_dataloader=loader,
        train_cfg=dict(by_epoch=True, max_epochs=1),
        optim_wrapper=dict(optimizer=dict(type='SGD', lr=0.1)),
        val_dataloader=loader,
        val_cfg=dict(),
        val_evaluator=dict(type='CountMetric'),
        test_dataloader=loader,
        test_cfg=dict(),
        test_evaluator=dict(type='CountMetric'),
        default_scope='mmengine',
    )
    # Loggers are global and found by this name.
    cfg['experiment_name'] = f'{work_dir}_{len(list(work_dir.parent.iterdir()))}'
    return cfg | changes
