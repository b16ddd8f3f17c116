"""Time of a training step, by part."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from epsnet_mm.datasets.synthetic.shapes import make_shapes

from mmdet.registry import DATASETS
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from mmengine.optim import build_optim_wrapper
from torch import nn

from .clock import StageClock
from .detectors import initialize
from .memory import peak_memory
from .statistics import Summary, summarize

PARTS = (
    'data',
    'forward',
    'instance loss',
    'mask loss',
    'semantic loss',
    'backward',
    'optimizer',
)


def measure_training(
    config: Path,
    batch_size: int,
    iters: int,
    warmup: int,
    device: str = 'cpu',
    progress: Callable[[str], None] = lambda message: None,
) -> dict[str, Summary | float]:
    """Time the parts of a training step on generated pictures of 640 x 640 px.

    The pictures are shapes; the class counts and with them the costs are the
    config's. Data is loaded in this process, not beside the training.

    Args:
        config: Config file of an EPSNet.
        batch_size: N.
        iters: Timed steps.
        warmup: Steps before them.
        device: Where to train.
        progress: Told what is going on.

    Returns:
        Milliseconds of each of `PARTS` and of the `whole`; `memory`, MiB of a
        step's forward and backward pass beyond weights and images.
    """
    cfg = Config.fromfile(config)
    model = initialize(cfg.model).train().to(device)
    clock = StageClock(device)
    _time_losses(model, clock)
    optimizer = build_optim_wrapper(model, cfg.optim_wrapper)
    with tempfile.TemporaryDirectory() as folder:
        dataset = _make_dataset(cfg, folder, batch_size)
        times = []
        for iteration in range(warmup + iters):
            progress(f'step {iteration + 1} of {warmup + iters}')
            with clock.stage('data'):
                batch = _load(dataset, model, batch_size)
            _step(model, optimizer, batch, clock)
            times.append(clock.read())
        batch = _load(dataset, model, batch_size)
        memory = peak_memory(lambda: _step(model, optimizer, batch, clock), device)
    times = times[warmup:]
    return {
        **{part: summarize([x[part] for x in times]) for part in PARTS},
        'whole': summarize([sum(x.values()) for x in times]),
        'memory': memory,
    }


def _load(dataset, model: nn.Module, batch_size: int) -> dict:
    samples = [dataset[index] for index in range(batch_size)]
    return model.data_preprocessor(pseudo_collate(samples), training=True)


def _step(model: nn.Module, optimizer, batch: dict, clock: StageClock) -> None:
    with clock.stage('forward'):
        loss, _ = model.parse_losses(model.loss(batch['inputs'], batch['data_samples']))
    with clock.stage('backward'):
        optimizer.backward(loss)
    with clock.stage('optimizer'):
        optimizer.step()
        optimizer.zero_grad()


def _time_losses(model: nn.Module, clock: StageClock) -> None:
    """Targets and losses count for their head, its layers for 'forward'."""
    for name, part in (
        ('bbox_head', 'instance loss'),
        ('mask_head', 'mask loss'),
        ('semantic_head', 'semantic loss'),
    ):
        head = getattr(model, name)
        head.loss = clock.timed(head.loss, part)
        head.forward = clock.timed(head.forward, 'forward')


def _make_dataset(cfg: Config, folder: str, count: int):
    make_shapes(f'{folder}/shapes', train=count, val=1, size=640)
    return DATASETS.build(
        {
            **cfg.train_dataloader.dataset,
            'data_root': f'{folder}/shapes',
            'ann_file': 'annotations/panoptic_train.json',
            'data_prefix': dict(img='train/', seg='annotations/panoptic_train/'),
        }
    )
