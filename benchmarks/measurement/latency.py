"""Latency of whole detectors, from image arrays to panoptic maps."""

import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from mmcv.transforms import Compose
from mmdet.registry import TRANSFORMS
from mmengine.dataset import pseudo_collate
from torch import nn

from .clock import StageClock
from .detectors import build_detector, find_detector, time_stages, use_detections
from .environment import set_threads
from .memory import peak_memory
from .statistics import Summary, summarize

STAGES = ('preprocess', 'network', 'post-process')
DTYPES = dict(bf16=torch.bfloat16, fp16=torch.float16)


@dataclass(frozen=True)
class Settings:
    """What is measured, and how.

    Attributes:
        input_size: (H, W) of what the network sees, in pixels.
        image_size: (H, W) of the images.
        batch_size: N.
        iters: Timed iterations.
        warmup: Iterations before them.
        detections: D, per image.
        precision: 'fp32', or 'bf16' or 'fp16' by autocast.
        channels_last: Memory format of weights and images.
        fuse_conv_bn: Fold normalization into convolutions.
        compile: `torch.compile` the network.
        device: 'cpu' or 'cuda'.
        threads: Threads on the CPU; None for the default.
    """

    input_size: tuple[int, int] = (550, 550)
    image_size: tuple[int, int] = (480, 640)
    batch_size: int = 1
    iters: int = 20
    warmup: int = 3
    detections: int = 100
    precision: str = 'fp32'
    channels_last: bool = False
    fuse_conv_bn: bool = False
    compile: bool = False
    device: str = 'cpu'
    threads: int | None = None


@dataclass(frozen=True)
class Latency:
    """Measured row: milliseconds per batch, MiB of memory.

    `whole` is a separate wall-clock time, not the sum of the stages.
    """

    title: str
    stages: dict[str, Summary]
    whole: Summary
    memory: float


def measure_latency(
    names: list[str],
    config_root: Path,
    settings: Settings,
    progress: Callable[[str], None] = lambda message: None,
) -> list[Latency]:
    """Time detectors in turns, so that a disturbance affects all of them equally.

    Args:
        names: Of `DETECTORS`, or config files.
        config_root: Folder of this project's configs.
        settings: What is measured, and how.
        progress: Called with a message before each step.
    """
    set_threads(settings.threads)
    pipelines = []
    for name in names:
        progress(f'building {name}')
        pipelines.append(Pipeline(name, config_root, settings))
    samples: list[list[dict[str, float]]] = [[] for _ in pipelines]
    for iteration in range(settings.warmup + settings.iters):
        progress(f'iteration {iteration + 1} of {settings.warmup + settings.iters}')
        for pipeline, measured in zip(pipelines, samples, strict=True):
            times = pipeline.run()
            if iteration >= settings.warmup:
                measured.append(times)
    progress('measuring memory')
    return [
        Latency(
            pipeline.title,
            {stage: summarize([x[stage] for x in measured]) for stage in STAGES},
            summarize([x['whole'] for x in measured]),
            peak_memory(pipeline.predict, settings.device),
        )
        for pipeline, measured in zip(pipelines, samples, strict=True)
    ]


def measure_isolated(
    names: list[str],
    config_root: Path,
    settings: Settings,
    progress: Callable[[str], None] = lambda message: None,
) -> list[Latency]:
    """Time each detector in a fresh process, one after the other.

    Same arguments and results as `measure_latency`.
    """
    results = []
    for name in names:
        progress(f'measuring {name}')
        with ProcessPoolExecutor(1, multiprocessing.get_context('spawn')) as process:
            results += process.submit(
                measure_latency, [name], config_root, settings
            ).result()
    return results


class Pipeline:
    """One detector with its preprocessing, timed by stage.

    Args:
        name: Of `DETECTORS`, or a config file.
        config_root: Folder of this project's configs.
        settings: What is measured, and how.
    """

    def __init__(self, name: str, config_root: Path, settings: Settings) -> None:
        detector = find_detector(name)
        self.title, self.settings = detector.title, settings
        self.clock = StageClock(settings.device)
        self.model = build_detector(
            detector.config,
            config_root,
            fuse=settings.fuse_conv_bn,
            channels_last=settings.channels_last,
            compiled=settings.compile,
            device=settings.device,
        )
        use_detections(
            self.model, settings.detections, settings.input_size, settings.image_size
        )
        time_stages(self.model, self.clock)
        self.images = [
            synthetic_image(settings.image_size, seed)
            for seed in range(settings.batch_size)
        ]
        self.transform = Compose(
            [
                TRANSFORMS.build(dict(type='mmdet.LoadImageFromNDArray')),
                TRANSFORMS.build(
                    dict(
                        type='mmdet.Resize',
                        scale=settings.input_size[::-1],
                        keep_ratio=False,
                    )
                ),
                TRANSFORMS.build(
                    dict(
                        type='mmdet.PackDetInputs',
                        meta_keys=('ori_shape', 'img_shape', 'scale_factor'),
                    )
                ),
            ]
        )

    def run(self) -> dict[str, float]:
        """One batch; milliseconds of each stage and of the whole."""
        self.clock.read()
        start = time.perf_counter()
        self.predict()
        times = self.clock.read()
        # Reading the clock waited for the device.
        times['whole'] = 1e3 * (time.perf_counter() - start)
        return times

    @torch.no_grad()
    def predict(self) -> list:
        """From image arrays to data samples with results."""
        with self.clock.stage('preprocess'):
            data = self.preprocess()
        with self.clock.stage('network'), self._autocast():
            return self.model.predict(data['inputs'], data['data_samples'])

    def preprocess(self) -> dict:
        """Resize, copy to the device, normalize and pad."""
        batch = pseudo_collate([self.transform(dict(img=x)) for x in self.images])
        data = self.model.data_preprocessor(batch, False)
        if self.settings.channels_last:
            data['inputs'] = data['inputs'].contiguous(
                memory_format=torch.channels_last
            )
        return data

    def _autocast(self) -> AbstractContextManager:
        if self.settings.precision == 'fp32':
            return nullcontext()
        device = torch.device(self.settings.device).type
        return torch.autocast(device, DTYPES[self.settings.precision])


def synthetic_image(size: tuple[int, int], seed: int) -> np.ndarray:
    """A smooth random image, (H, W, 3) uint8."""
    rng = np.random.default_rng(seed)
    coarse = torch.from_numpy(rng.uniform(0, 255, (1, 3, 8, 8)))
    smooth = nn.functional.interpolate(coarse, size, mode='bicubic')
    return smooth[0].permute(1, 2, 0).clamp(0, 255).byte().numpy()
