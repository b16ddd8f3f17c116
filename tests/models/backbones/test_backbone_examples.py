"""Every config example of docs/backbones.md builds EPSNet and runs."""

import re
from pathlib import Path

import epsnet_mm  # noqa: F401

import pytest
import torch
from mmdet.registry import MODELS
from mmengine.config import Config
from mmengine.registry import init_default_scope

ROOT = Path(__file__).parents[3]
CONFIGS = ROOT / 'configs/epsnet'
BLOCKS = re.findall(
    r'^```python\n(.*?)^```', (ROOT / 'docs/backbones.md').read_text(), re.M | re.S
)
#: Type of backbone -> its config, as text.
EXAMPLES = {re.search(r"^        type='(.+)'", text, re.M)[1]: text for text in BLOCKS}


@pytest.fixture
def load(tmp_path):
    """`load(text)`: the config, as if it lay in `configs/epsnet`."""

    def run(text):
        path = tmp_path / 'example.py'
        path.write_text(text.replace("= './", f"= '{CONFIGS}/"))
        return Config.fromfile(path)

    return run


def without_weights(backbone):
    """The same backbone, which must ask for weights, with random ones."""
    key = 'pretrained' if backbone.type.endswith('TIMMBackbone') else 'init_cfg'
    assert backbone[key]
    return {name: value for name, value in backbone.items() if name != key}


def test_the_page_has_the_promised_examples():
    assert set(EXAMPLES) >= {
        'EfficientNetLite',
        'ResNet',
        'MobileNetV2',
        'CSPNeXt',
        'SwinTransformer',
        'mmpretrain.ConvNeXt',
        'mmpretrain.TIMMBackbone',
    }
    assert len(EXAMPLES) == len(BLOCKS)


@pytest.mark.parametrize('name', EXAMPLES)
def test_example_runs(name, load):
    if name.startswith('mmpretrain'):
        pytest.importorskip(
            'mmpretrain.models',
            reason='needs torchvision and onedl-mmpretrain',
            exc_type=ImportError,
        )
        pytest.importorskip('timm', reason='needs timm', exc_type=ImportError)
    cfg = load(EXAMPLES[name])
    init_default_scope('mmdet')
    assert 'epsnet_mm' in cfg.custom_imports.imports
    cfg.model.backbone = without_weights(cfg.model.backbone)
    model = MODELS.build(cfg.model).eval()
    image = torch.rand(1, 3, 96, 128)

    with torch.no_grad():
        levels = model.backbone(image)[cfg.model.neck.start_level :]
        *_, prototypes, semantic_logits = model(image)

    assert [tuple(x.shape[-2:]) for x in levels] == [(12, 16), (6, 8), (3, 4)]
    assert prototypes.shape == (1, 32, 24, 32)
    assert prototypes.isfinite().all()
    assert semantic_logits.isfinite().all()


def test_the_example_of_lite0_is_the_base_config(load):
    """And so is the CamVid config: each states the same backbone."""
    base = Config.fromfile(ROOT / 'configs/_base_/models/epsnet_lite0_fpn.py').model
    for cfg in (
        load(EXAMPLES['EfficientNetLite']),
        Config.fromfile(CONFIGS / 'epsnet_lite0_fpn_camvid.py'),
    ):
        for part in ('data_preprocessor', 'backbone', 'neck'):
            assert cfg.model[part] == base[part], part
