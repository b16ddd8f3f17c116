"""Parts of a training step, on a small network, and images of a schedule."""

from dataclasses import replace
from functools import partial

from benchmarks.measurement.training import (
    PARTS,
    TrainingSettings,
    measure_training,
    schedule_images,
)
from epsnet_mm.datasets.synthetic.shapes import make_shapes

import pytest
import torch
from mmengine.config import Config

CONFIG = 'configs/epsnet/epsnet_r18_fpn_shapes.py'


@pytest.fixture
def config(request, tmp_path):
    """The config for shapes, with 64 channels and images of 96 px."""
    cfg = Config.fromfile(request.config.rootpath / CONFIG)
    model = cfg.model
    model.neck.out_channels = model.fusion_neck.in_channels = 64
    for head in (model.prototype_head, model.bbox_head, model.semantic_head):
        head.update(in_channels=64, feat_channels=64)
    for transform in cfg.train_dataloader.dataset.pipeline:
        for key in ('scale', 'crop_size'):
            if key in transform:
                transform[key] = (96, 96)
    path = tmp_path / 'tiny.py'
    cfg.dump(path)
    return path


@pytest.fixture
def convolutions(monkeypatch):
    """(dtype of the output, whether the weights are channels-last) of each."""
    seen = set()
    convolve = torch.nn.functional.conv2d

    def conv2d(image, weight, *args):
        out = convolve(image, weight, *args)
        seen.add((out.dtype, weight.is_contiguous(memory_format=torch.channels_last)))
        return out

    monkeypatch.setattr(torch.nn.functional, 'conv2d', conv2d)
    return seen


def test_parts_of_a_step(config, convolutions):
    settings = TrainingSettings(batch_size=2, iters=1, warmup=0)

    cost = measure_training(config, settings)

    assert tuple(cost.parts) == PARTS
    parts = [cost.parts[part].median for part in PARTS]
    assert min(parts) > 0
    assert cost.memory > 0
    assert sum(parts) == pytest.approx(cost.whole.median)
    assert 1e3 * 2 / cost.images_per_second == pytest.approx(sum(parts[1:]))
    assert (torch.float32, False) in convolutions
    assert {dtype for dtype, _ in convolutions} == {torch.float32}


def test_switches_reach_the_network(config, convolutions, monkeypatch):
    """Without the compiler itself, which takes minutes."""
    compiled = []
    monkeypatch.setattr(torch, 'compile', lambda x: compiled.append(x) or x)
    settings = TrainingSettings(
        batch_size=2, iters=1, warmup=0, amp=True, channels_last=True, compile=True
    )

    cost = measure_training(config, settings)

    assert (torch.bfloat16, True) in convolutions
    assert {channels_last for _, channels_last in convolutions} == {True}
    assert len(compiled) == 6
    assert min(cost.parts[part].median for part in PARTS) > 0


@pytest.mark.slow
def test_compiled_step(config, monkeypatch):
    """The compiler's front end, without the code generation that takes minutes."""
    compiler = partial(torch.compile, backend='aot_eager')
    monkeypatch.setattr(torch, 'compile', compiler)
    settings = TrainingSettings(batch_size=2, iters=1, warmup=0)
    plain = measure_training(config, settings)

    compiled = measure_training(config, replace(settings, compile=True))

    assert tuple(compiled.parts) == PARTS
    assert min(compiled.parts[part].median for part in PARTS) > 0
    # Its first step waits for the compiler.
    assert compiled.parts['forward'].median > plain.parts['forward'].median


def test_another_detector(request):
    baseline = 'configs/panoptic_fpn/panoptic-fpn_r18_fpn_camvid.py'

    with pytest.raises(ValueError, match='is no EPSNet, but PanopticFPN'):
        measure_training(request.config.rootpath / baseline, TrainingSettings())


def test_images_of_a_schedule_in_iterations(request):
    """The released ResNet-101: 3.2 M iterations of 2 images."""
    path = request.config.rootpath / 'configs/epsnet/epsnet_r101_fpn_coco.py'

    assert schedule_images(Config.fromfile(path)) == 6_400_000


def test_images_of_a_schedule_in_epochs(request, tmp_path):
    make_shapes(str(tmp_path / 'shapes'), train=3, val=1, size=48)
    cfg = Config.fromfile(request.config.rootpath / CONFIG)
    cfg.train_dataloader.dataset.data_root = str(tmp_path / 'shapes')
    cfg.train_cfg.max_epochs = 5

    assert schedule_images(cfg) == 15
