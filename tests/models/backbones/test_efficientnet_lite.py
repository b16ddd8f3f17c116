"""EfficientNet-Lite against its channel table and an independent implementation."""

import epsnet_mm  # noqa: F401

import pytest
import torch
from mmdet.registry import MODELS
from torch import nn

RESOLUTIONS = (224, 240, 260, 280, 300)
#: Channels of layers 3 to 6, and the number of blocks.
SHAPES = {
    0: ([40, 112, 320, 1280], 16),
    1: ([40, 112, 320, 1280], 21),
    2: ([48, 120, 352, 1280], 21),
    3: ([48, 136, 384, 1280], 24),
    4: ([56, 160, 448, 1280], 30),
}


def build(arch=0, **options):
    return MODELS.build(dict(type='mmdet.EfficientNetLite', arch=arch, **options))


def image(size, count=1):
    """What the data preprocessor makes of noise: (x - 127) / 128."""
    generator = torch.Generator().manual_seed(0)
    return torch.rand(count, 3, size, size, generator=generator) * 2 - 1


@pytest.mark.parametrize('arch', SHAPES)
def test_channels_and_blocks(arch):
    net = build(arch, out_indices=(3, 4, 5, 6)).eval()
    channels, blocks = SHAPES[arch]

    with torch.no_grad():
        outputs = net(image(64))

    assert [x.shape[1] for x in outputs] == channels
    assert [x.shape[-1] for x in outputs] == [8, 4, 2, 2]
    assert sum(len(layer) for layer in net.layers[1:6]) == blocks


def test_odd_sizes_are_rounded_up():
    """As TensorFlow's "same" padding does: 97 -> 49 -> 25 -> 13 -> 7 -> 4."""
    with torch.no_grad():
        outputs = build().eval()(image(97))

    assert [tuple(x.shape[-2:]) for x in outputs] == [(13, 13), (7, 7), (4, 4)]


def test_stride_two_pads_below_and_on_the_right_first():
    """TensorFlow's 3x3 window of stride 2 starts at pixel 0 of an even side."""
    stem = build().eval().layers[0].conv
    nn.init.ones_(stem.weight)
    pixels = torch.zeros(1, 3, 4, 4)
    pixels[0, 0, 0, 0] = 1.0
    pixels[0, 0, 3, 3] = 2.0

    with torch.no_grad():
        response = stem(pixels)[0, 0]

    assert response.tolist() == [[1.0, 0.0], [0.0, 2.0]]


@pytest.mark.parametrize('norm_eval', [True, False])
def test_statistics_stay_only_when_they_are_frozen(norm_eval):
    net = build(norm_eval=norm_eval).train()
    before = {name: x.clone() for name, x in net.named_buffers()}

    sum(x.mean() for x in net(image(64, count=2))).backward()

    moved = [name for name, x in net.named_buffers() if not x.equal(before[name])]
    assert len(moved) == (0 if norm_eval else len(before))
    # Scale and shift are learnt in both cases.
    assert all(x.grad.isfinite().all() for x in net.parameters())


def test_frozen_stages_get_no_gradient():
    net = build(frozen_stages=3).train()

    sum(x.mean() for x in net(image(64, count=2))).backward()

    for name, parameter in net.named_parameters():
        frozen = name.startswith(('layers.0.', 'layers.1.', 'layers.2.'))
        assert (parameter.grad is None) == frozen, name


def test_mode_setters_return_the_module():
    net = build()
    assert net.eval() is net
    assert net.train() is net


@pytest.mark.parametrize('arch', [5, -1, 'b0'])
def test_unknown_size(arch):
    with pytest.raises(ValueError, match=rf'no size {arch!r}: `arch` is one of 0, 1'):
        build(arch)


@pytest.mark.parametrize('arch', SHAPES)
def test_features_of_an_independent_implementation(arch):
    """Random weights under the published names give the same 1280 features."""
    reference_package = pytest.importorskip(
        'efficientnet_lite_pytorch',
        reason='run `pip install --no-deps efficientnet-lite-pytorch`',
    )
    reference = reference_package.EfficientNet.from_name(f'efficientnet-lite{arch}')
    net = build(arch, out_indices=(6,))
    for module in (x for x in reference.modules() if isinstance(x, nn.BatchNorm2d)):
        nn.init.normal_(module.running_mean, std=0.1)
        nn.init.uniform_(module.running_var, 0.01, 0.1)
    net.load_state_dict(
        {k: v for k, v in reference.state_dict().items() if k[:3] != '_fc'}
    )
    # The reference pads for one size of image only.
    pixels = image(RESOLUTIONS[arch])

    with torch.no_grad():
        (features,) = net.eval()(pixels)
        expected = reference.eval().extract_features(pixels)

    assert expected.std() > 0.01
    torch.testing.assert_close(features, expected, rtol=1e-5, atol=1e-6)
