"""Resuming an iteration-based training loads no image that it throws away."""

import json
import multiprocessing

from epsnet_mm.engine.safe_load import install_safe_load

import pytest
import torch
from mmengine.dataset import InfiniteSampler
from mmengine.model import BaseModel
from mmengine.runner import Runner
from torch import nn

from .conftest import LEAVES, read

ITERATION_BASED = [
    name for name in LEAVES if read(name).train_cfg.type == 'IterBasedTrainLoop'
]
# Iterations before and after the interruption.
BEFORE, AFTER = 30, 2
# A worker loads this many batches in advance.
PREFETCHED = 2


class TinyModel(BaseModel):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(1, 1)
        self.seen = []

    def forward(self, inputs, mode='tensor'):
        self.seen += [int(x) for x in inputs]
        return dict(loss=self.layer(torch.stack(inputs)).sum())


class CountingDataset:
    """A hundred samples; `num_loaded` counts in the worker processes too."""

    def __init__(self):
        self.num_loaded = multiprocessing.Value('i', 0)

    def __deepcopy__(self, memo):
        return self  # MMEngine copies the config that this stands in

    def __len__(self):
        return 100

    def __getitem__(self, index):
        with self.num_loaded.get_lock():
            self.num_loaded.value += 1
        return dict(inputs=torch.tensor([float(index)]))


def train(loader, folder, max_iters, **kwargs):
    """The number of images loaded, and the images seen by the model, in order."""
    dataset, model = CountingDataset(), TinyModel()
    Runner(
        model=model,
        work_dir=str(folder),
        train_dataloader=dict(
            loader, dataset=dataset, num_workers=1, persistent_workers=False
        ),
        train_cfg=dict(by_epoch=False, max_iters=max_iters),
        optim_wrapper=dict(optimizer=dict(type='SGD', lr=1e-3)),
        default_hooks=dict(
            checkpoint=dict(type='CheckpointHook', by_epoch=False, interval=BEFORE)
        ),
        randomness=dict(seed=0),
        default_scope='mmdet',
        log_level='ERROR',
        experiment_name=f'{folder.name}_{max_iters}',
        **kwargs,
    ).train()
    return dataset.num_loaded.value, model.seen


@pytest.fixture(scope='module')
def checkpoint(tmp_path_factory):
    """Of a training that was interrupted."""
    folder = tmp_path_factory.mktemp('before')
    train(read(ITERATION_BASED[0]).train_dataloader, folder, BEFORE)
    return str(folder / f'iter_{BEFORE}.pth')


def resume(loader, checkpoint, folder):
    # As the tools do: MMEngine 0.10.7 alone cannot read its checkpoints with torch 2.6.
    install_safe_load()
    return train(loader, folder, BEFORE + AFTER, load_from=checkpoint, resume=True)


@pytest.fixture(scope='module')
def resume_once(checkpoint, tmp_path_factory):
    """`resume`, once for all leaves that load images in the same way."""
    results = {}

    def run(loader):
        key = json.dumps({**loader, 'dataset': None}, sort_keys=True)
        if key not in results:
            results[key] = resume(loader, checkpoint, tmp_path_factory.mktemp('after'))
        return results[key]

    return run


# MMEngine 0.10.7 goes on with the same images, but first loads all earlier ones again.
needs_skipping = pytest.mark.skipif(
    not hasattr(InfiniteSampler, 'skip'), reason="MMEngine's sampler cannot skip"
)


@needs_skipping
@pytest.mark.parametrize('name', ITERATION_BASED)
def test_resuming_loads_new_images_only(name, resume_once):
    loader = read(name).train_dataloader

    num_loaded, seen = resume_once(loader)

    assert len(seen) == AFTER * loader.batch_size
    assert num_loaded <= (AFTER + PREFETCHED) * loader.batch_size


def test_resuming_goes_on_in_the_order_of_one_training(checkpoint, tmp_path):
    loader = read(ITERATION_BASED[0]).train_dataloader

    _, resumed = resume(loader, checkpoint, tmp_path / 'resumed')
    _, whole = train(loader, tmp_path / 'whole', BEFORE + AFTER)

    assert resumed == whole[-len(resumed) :]


def test_the_sampler_for_epochs_would_load_all_again(checkpoint, tmp_path):
    loader = read(ITERATION_BASED[0]).train_dataloader
    loader.sampler.type = 'DefaultSampler'

    num_loaded, _ = resume(loader, checkpoint, tmp_path)

    assert num_loaded > BEFORE * loader.batch_size / 2
