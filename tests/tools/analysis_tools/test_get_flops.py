"""Parameters and multiply-adds, by hand and against the model zoo's table."""

# First: mmdet needs mmcv's ops, which the package can stand in for.
import importlib.util

import epsnet_mm  # noqa: F401
from epsnet_mm.environment.mmcv_ops import has_mmcv_ops

import pytest
import torch
from mmcv.ops import ModulatedDeformConv2dPack
from mmdet.registry import MODELS
from mmengine.model import BaseModel
from mmengine.registry import init_default_scope
from torch import nn

from ..conftest import REPO

LEAVES = sorted((REPO / 'configs/epsnet').glob('*_coco.py'))


@pytest.fixture(scope='module')
def tool():
    spec = importlib.util.spec_from_file_location(
        'get_flops', REPO / 'tools/analysis_tools/get_flops.py'
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    init_default_scope('mmdet')
    return module


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
def measure(tool, tmp_path, monkeypatch):
    monkeypatch.setitem(MODELS.module_dict, 'TinyNetwork', TinyNetwork)

    def run(name, shape=None, **backbone):
        path = tmp_path / 'tiny.py'
        backbone = dict(name=name, init_cfg='a download', **backbone)
        path.write_text(
            f'image_size = (16, 8)\n'
            f"model = dict(type='TinyNetwork', backbone={backbone})\n"
        )
        parameters, operations, size = tool.measure(str(path), shape)
        return round(parameters * 1e6), round(operations * 1e9), size

    return run


def test_a_convolution_by_hand(measure):
    """4 filters of 3 * 9 + 1 weights; 4 * 27 multiply-adds for each output pixel.

    `image_size` is (width, height).
    """
    assert measure('conv') == (112, 4 * 27 * 8 * 16, (8, 16))


def test_another_input_size(measure):
    assert measure('conv', [6, 10]) == (112, 4 * 27 * 60, (6, 10))
    assert measure('strided', [6, 10]) == (112, 4 * 27 * 15, (6, 10))


def test_a_backbone_that_computes_as_it_is_built(measure):
    """Such as EfficientNet and Swin, whose stochastic depth grows layer by layer."""
    assert measure('computed') == (4 * 4, 4 * 3 * 8 * 16, (8, 16))


@pytest.mark.skipif(not has_mmcv_ops(), reason='mmcv was built without compiled ops')
def test_a_deformable_convolution_by_hand(measure):
    """The convolution itself and the one that predicts its 27 offsets and masks."""
    assert measure('deformable', [6, 10], dcn='DCNv2') == (
        112 + 27 * 28,
        (4 * 27 + 27 * 27) * 60,
        (6, 10),
    )


@pytest.mark.skipif(has_mmcv_ops(), reason='mmcv has its compiled ops')
def test_a_deformable_convolution_without_ops_names_the_remedy(measure):
    with pytest.raises(RuntimeError, match='run `make ops`'):
        measure('deformable', dcn='DCNv2')


@pytest.mark.slow
def test_readme_has_what_the_tool_prints(tool):
    """Parameters and multiply-adds of every config, at its own size."""
    readme = (REPO / 'configs/epsnet/README.md').read_text()
    rows = {
        line.partition(']')[0][3:]: line.split('|')
        for line in readme.splitlines()
        if line.startswith('| [')
    }
    for path in LEAVES:
        row = rows[path.stem]
        if 'dcn' in path.stem and not has_mmcv_ops():
            continue
        parameters, operations, _ = tool.measure(str(path), None)
        assert row[-3].strip() == f'{parameters:.2f}', path.stem
        assert row[-2].strip() == f'{operations:.1f}', path.stem


def test_parameters_of_the_release(tool):
    """51.3 M; without the class that is never trained 32 * (256 + 1) less."""
    released, _, _ = tool.measure(
        str(REPO / 'configs/epsnet/epsnet_r101_fpn_coco_release.py'), None
    )
    ours, _, _ = tool.measure(
        str(REPO / 'configs/epsnet/epsnet_r101_fpn_coco.py'), None
    )

    assert round(released * 1e6) == 51_313_759
    assert round((released - ours) * 1e6) == 8_224
