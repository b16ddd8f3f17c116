"""Time of a training step, by part, and of a whole schedule."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from epsnet_mm.datasets.synthetic.shapes import make_shapes
from epsnet_mm.engine import runner_config

import torch
from mmdet.registry import DATASETS
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from mmengine.optim import OptimWrapper, build_optim_wrapper
from mmengine.registry import init_default_scope
from torch import nn

from .clock import StageClock
from .detectors import compile_network, initialize
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


@dataclass(frozen=True)
class TrainingSettings:
    """What is measured, and how.

    Attributes:
        batch_size: N.
        iters: Timed steps.
        warmup: Steps before them.
        amp: Mixed precision, as `tools/train.py --amp`.
        channels_last: Memory format of the weights. The network brings images into
            this format by itself.
        compile: `torch.compile` the network.
        device: 'cpu' or 'cuda'.
    """

    batch_size: int = 2
    iters: int = 5
    warmup: int = 1
    amp: bool = False
    channels_last: bool = False
    compile: bool = False
    device: str = 'cpu'


@dataclass(frozen=True)
class TrainingCost:
    """Measured step.

    Attributes:
        parts: Milliseconds of each of `PARTS`.
        whole: Milliseconds of the whole step.
        images_per_second: Median speed without the part `data`, which workers do.
        memory: Peak memory of a step beyond weights and images, in MiB.
    """

    parts: dict[str, Summary]
    whole: Summary
    images_per_second: float
    memory: float


def measure_training(
    config: Path,
    settings: TrainingSettings,
    progress: Callable[[str], None] = lambda message: None,
) -> TrainingCost:
    """Time the parts of a training step on synthetic images of 640 x 640 px.

    The images show shapes; the class counts, and so the costs, are those of the
    config. Data is loaded in this process, before each step.

    Args:
        config: Config file of an EPSNet.
        settings: What is measured, and how.
        progress: Called with a message before each step.

    Raises:
        ValueError: The config is of another detector.
    """
    cfg = runner_config.load_config(str(config))
    if cfg.model.type != 'EPSNet':
        raise ValueError(f'{config} is no EPSNet, but {cfg.model.type}.')
    clock = StageClock(settings.device)
    model, optimizer = _build(cfg, settings, clock)
    steps = settings.warmup + settings.iters
    times = []
    with tempfile.TemporaryDirectory() as folder:
        dataset = _make_dataset(cfg, folder, settings.batch_size)
        for iteration in range(steps):
            progress(f'step {iteration + 1} of {steps}')
            with clock.stage('data'):
                batch = _load(dataset, model)
            _step(model, optimizer, batch, clock)
            times.append(clock.read())
        batch = _load(dataset, model)
        memory = peak_memory(
            lambda: _step(model, optimizer, batch, clock), settings.device
        )
    times = times[settings.warmup :]
    whole = [sum(x.values()) for x in times]
    step = summarize([t - x['data'] for t, x in zip(whole, times, strict=True)])
    return TrainingCost(
        parts={part: summarize([x[part] for x in times]) for part in PARTS},
        whole=summarize(whole),
        images_per_second=1e3 * settings.batch_size / step.median,
        memory=memory,
    )


def schedule_images(cfg: Config) -> int:
    """Number of images in all steps of a config's schedule.

    A schedule in iterations has the batches of the config. One in epochs needs the
    dataset, whose images are counted.

    Raises:
        FileNotFoundError: The dataset of a schedule in epochs is not there.
    """
    loop = cfg.train_cfg
    by_epoch = loop.get(
        'by_epoch', loop.get('type', '').endswith('EpochBasedTrainLoop')
    )
    if not by_epoch:
        return loop.max_iters * cfg.train_dataloader.batch_size
    init_default_scope('mmdet')
    return loop.max_epochs * len(DATASETS.build(cfg.train_dataloader.dataset))


def _build(
    cfg: Config, settings: TrainingSettings, clock: StageClock
) -> tuple[nn.Module, OptimWrapper]:
    """The model and its optimizer, whose methods mark their parts on the clock."""
    if settings.amp:
        runner_config.enable_amp(cfg)
    model = initialize(cfg.model).train().to(settings.device)
    if settings.channels_last:
        model.to(memory_format=torch.channels_last)
    if settings.compile:
        compile_network(model)
    _time_losses(model, clock)
    optimizer = build_optim_wrapper(model, cfg.optim_wrapper)
    optimizer.backward = clock.timed(optimizer.backward, 'backward')
    return model, optimizer


def _load(dataset, model: nn.Module) -> dict:
    samples = [dataset[index] for index in range(len(dataset))]
    return model.data_preprocessor(pseudo_collate(samples), training=True)


def _step(
    model: nn.Module, optimizer: OptimWrapper, batch: dict, clock: StageClock
) -> None:
    """What MMEngine's `train_step` does after the data preprocessor."""
    with clock.stage('forward'), optimizer.optim_context(model):
        losses = model.loss(batch['inputs'], batch['data_samples'])
    with clock.stage('optimizer'):
        loss, _ = model.parse_losses(losses)
        optimizer.update_params(loss)


def _time_losses(model: nn.Module, clock: StageClock) -> None:
    """A head's loss includes its targets; its layers belong to 'forward'."""
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
