"""Parameters and multiply-adds, by hand and against the model zoo's table."""

from epsnet_mm.analysis.model_complexity import (
    Complexity,
    complexity_table,
    model_complexity,
)
from epsnet_mm.environment.mmcv_ops import has_mmcv_ops
from tests.requirements import needs_no_ops, needs_ops

import pytest
import torch
from mmcv.ops import ModulatedDeformConv2dPack
from mmdet.registry import MODELS
from mmengine.config import Config
from mmengine.model import BaseModel
from mmengine.registry import init_default_scope
from torch import nn


@pytest.fixture(autouse=True)
def scope():
    init_default_scope('mmdet')


class TinyNetwork(BaseModel):
    """One layer, by the name that its config gives as `backbone`."""

    def __init__(self, backbone):
        super().__init__()
        self.layer = dict(
            conv=lambda: nn.Conv2d(3, 4, 3, padding=1),
            strided=lambda: nn.Conv2d(3, 4, 3, stride=2, padding=1),
            computed=lambda: nn.Conv2d(3, int(torch.linspace(2, 4, 2)[1]), 1),
            deformable=lambda: ModulatedDeformConv2dPack(3, 4, 3, padding=1),
        )[backbone.name]()

    def forward(self, inputs):
        return self.layer(inputs)


@pytest.fixture
def measure(monkeypatch):
    monkeypatch.setitem(MODELS.module_dict, 'TinyNetwork', TinyNetwork)

    def run(name, shape=None, **backbone):
        backbone = dict(name=name, init_cfg='a download', **backbone)
        model = dict(type='TinyNetwork', backbone=backbone)
        cfg = Config(dict(image_size=(16, 8), model=model))
        found = model_complexity(cfg, name, shape)
        assert found.name == name
        assert cfg.model.backbone.init_cfg == 'a download'
        return found.parameters, found.multiply_adds, found.input_size

    return run


def test_a_convolution_by_hand(measure):
    """4 filters of 3 * 9 + 1 weights; 4 * 27 multiply-adds for each output pixel.

    `image_size` is (width, height).
    """
    assert measure('conv') == (112, 4 * 27 * 8 * 16, (8, 16))


def test_another_input_size(measure):
    assert measure('conv', (6, 10)) == (112, 4 * 27 * 60, (6, 10))
    assert measure('strided', (6, 10)) == (112, 4 * 27 * 15, (6, 10))


def test_a_backbone_that_computes_as_it_is_built(measure):
    """Such as EfficientNet and Swin, whose stochastic depth grows layer by layer."""
    assert measure('computed') == (4 * 4, 4 * 3 * 8 * 16, (8, 16))


@needs_ops
def test_a_deformable_convolution_by_hand(measure):
    """The convolution itself and the one that predicts its 27 offsets and masks."""
    assert measure('deformable', (6, 10), dcn='DCNv2') == (
        112 + 27 * 28,
        (4 * 27 + 27 * 27) * 60,
        (6, 10),
    )


@needs_no_ops
def test_a_deformable_convolution_without_ops_names_the_remedy(measure):
    with pytest.raises(RuntimeError, match='run `make ops`'):
        measure('deformable', dcn='DCNv2')


def test_table():
    rows = complexity_table([Complexity('tiny', (360, 480), 1_234_567, 2_345_678_901)])

    assert rows.splitlines() == [
        '| config | input | parameters (M) | multiply-adds (G) |',
        '| --- | --- | ---: | ---: |',
        '| tiny | 360 x 480 | 1.23 | 2.3 |',
    ]


@pytest.mark.slow
def test_readme_has_the_measured_values(repo_root):
    """Parameters and multiply-adds of every config, at its own size."""
    folder = repo_root / 'configs/epsnet'
    readme = (folder / 'README.md').read_text()
    rows = {
        line.partition(']')[0][3:]: line.split('|')
        for line in readme.splitlines()
        if line.startswith('| [')
    }
    for path in sorted(folder.glob('*_coco.py')):
        row = rows[path.stem]
        if 'dcn' in path.stem and not has_mmcv_ops():
            continue
        found = model_complexity(Config.fromfile(path), path.stem)
        assert row[-3].strip() == f'{found.parameters / 1e6:.2f}', path.stem
        assert row[-2].strip() == f'{found.multiply_adds / 1e9:.1f}', path.stem


def test_parameters_of_the_release(repo_root):
    """51.3 M; without the class that is never trained 32 * (256 + 1) less."""
    released, ours = (
        model_complexity(Config.fromfile(repo_root / 'configs/epsnet' / name), name)
        for name in (
            'epsnet_r101_fpn_official-weights_coco.py',
            'epsnet_r101_fpn_coco.py',
        )
    )

    assert released.parameters == 51_313_759
    assert released.parameters - ours.parameters == 8_224
