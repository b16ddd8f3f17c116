"""One small network in all precisions and formats."""

from epsnet_runtime import PanopticModel

import numpy as np
import pytest
from PIL import Image

pytest.importorskip('onnx', reason='onnx is not installed')
pytest.importorskip('onnxruntime', reason='onnxruntime is not installed')
pytest.importorskip('onnxscript', reason='onnxscript is not installed')

from epsnet_mm.deployment.onnx_file import with_precision
from epsnet_mm.deployment.openvino_file import save_openvino
from tests.deployment.small_export import (
    EagerNetwork,
    ExportedNetwork,
    assert_same,
    smooth_image,
)

import onnx

pytestmark = pytest.mark.slow


@pytest.fixture(scope='module')
def network(plus_export):
    """Folder, config and weights of a network with many instances, and its file."""
    folder, cfg, weights = plus_export
    (folder / 'images').mkdir()
    for seed in range(4):
        pixels = smooth_image(90, 120, seed)
        Image.fromarray(pixels[..., ::-1]).save(folder / f'images/{seed}.png')
    return folder, cfg, weights


def make(folder, precision):
    """The file in another precision, without another trace of the network."""
    model = onnx.load(folder / 'fp32.onnx')
    images = str(folder / 'images') if precision == 'int8' else None
    made = with_precision(model, dict(precision=precision, channel_order='bgr'), images)
    path = folder / f'{precision}.onnx'
    onnx.save(made, path)
    onnx.checker.check_model(str(path), full_check=True)
    return path


def test_dozens_of_instances(network):
    folder, cfg, weights = network
    image = smooth_image(200, 300, seed=3)

    (found,) = ExportedNetwork(folder / 'fp32.onnx')(image)

    assert (found[1] < 4).sum() > 50
    assert_same(found, EagerNetwork(cfg, weights)(image))


def classes_of(path, image):
    """(H, W) class of each pixel, -1 for void."""
    result = PanopticModel(path, threads=1)(image)
    assert result.segments
    table = [-1, *(x.class_index for x in result.segments)]
    return np.array(table)[result.panoptic]


# Random weights have no margin between classes: trained ones are nearer.
@pytest.mark.parametrize(
    ('precision', 'size', 'equal'), [('fp16', 0.6, 0.99), ('int8', 0.4, 0.7)]
)
def test_precisions(network, precision, size, equal):
    folder, _, _ = network
    path = make(folder, precision)
    image = smooth_image(100, 150, seed=1)

    found = classes_of(path, image) == classes_of(folder / 'fp32.onnx', image)

    assert path.stat().st_size < size * (folder / 'fp32.onnx').stat().st_size
    assert equal <= found.mean()


@pytest.mark.parametrize('size', [(32, 32), (301, 97)])
def test_openvino(network, size):
    pytest.importorskip('openvino', reason='openvino is not installed')
    folder, _, _ = network
    save_openvino(onnx.load(folder / 'fp32.onnx'), folder / 'fp32.xml')
    image = smooth_image(*size, seed=2)

    found, expected = (classes_of(folder / x, image) for x in ('fp32.xml', 'fp32.onnx'))

    # Not the numbers of segments: rounding decides on one of 50 instances of random
    # weights, and so on the numbers of those after it.
    assert (found == expected).mean() >= 0.99


def test_openvino_finds_nothing_in_a_network_that_is_never_sure(network):
    pytest.importorskip('openvino', reason='openvino is not installed')
    folder, _, _ = network
    save_openvino(onnx.load(folder / 'fp32.onnx'), folder / 'none.xml')
    model = PanopticModel(folder / 'none.xml', threads=1, score_threshold=1.0)

    result = model(smooth_image(90, 120))

    assert not any(x.isthing for x in result.segments)
