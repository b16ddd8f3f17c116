"""A tiny file of OpenVINO from the image to the result object."""

from epsnet_runtime import PanopticModel
from epsnet_runtime.models.openvino_session import OpenvinoSession

import numpy as np
import pytest

pytest.importorskip('openvino', reason='openvino is not installed')
pytest.importorskip('onnx', reason='onnx is not installed')

from epsnet_mm.deployment.openvino_file import save_openvino
from tests.runtime.models.tiny_onnx import METADATA, half_bright, write_tiny_onnx

import onnx


@pytest.fixture
def source(tmp_path):
    return write_tiny_onnx(tmp_path / 'tiny.onnx')


@pytest.fixture
def path(source, tmp_path):
    save_openvino(onnx.load(source), tmp_path / 'tiny.xml')
    return tmp_path / 'tiny.xml'


def test_results_are_those_of_the_onnx_file(path, source):
    images = [half_bright(), half_bright(7, 8)]

    found = [PanopticModel(path, threads=1)(x) for x in images]

    for image, result in zip(images, found, strict=True):
        expected = PanopticModel(source, threads=1)(image)
        assert (result.panoptic == expected.panoptic).all()
        assert [vars(x) for x in result.segments] == [
            vars(x) for x in expected.segments
        ]


def test_results_of_one_image_stay_when_the_next_comes(path):
    model = PanopticModel(path, threads=1)
    first = model(half_bright())
    model(np.zeros((10, 20, 3), np.uint8))

    assert (first.panoptic == (half_bright()[..., 0] > 127)).all()


def test_the_file_describes_itself(path):
    model = PanopticModel(path)

    assert model.metadata.defaults == METADATA['defaults']
    assert [x.name for x in model.classes] == ['disc', 'sand']


def test_thresholds_are_fed(path):
    (segment,) = PanopticModel(path, score_threshold=0.5)(half_bright()).segments

    assert segment.score == 0.5


def test_half_precision_is_stored(source, tmp_path):
    model = onnx.load(source)
    for entry in model.metadata_props:
        entry.value = entry.value.replace('fp32', 'fp16')
    save_openvino(model, tmp_path / 'half.xml')

    assert PanopticModel(tmp_path / 'half.xml').metadata.precision == 'fp16'


def test_weights_that_are_not_there(path):
    path.with_suffix('.bin').unlink()

    with pytest.raises(FileNotFoundError, match=r'tiny\.bin does not exist'):
        OpenvinoSession(path)


def test_no_graph(path):
    path.write_text('no graph', encoding='utf-8')

    with pytest.raises(ValueError, match=r'is no file that OpenVINO .* can load'):
        OpenvinoSession(path)


@pytest.mark.parametrize('suffix', ['.xml', '.bin'])
def test_half_of_a_file(path, suffix):
    part = path.with_suffix(suffix)
    part.write_bytes(part.read_bytes()[: part.stat().st_size // 2])

    with pytest.raises(ValueError, match=r'is no file that OpenVINO .* can load'):
        OpenvinoSession(path)


@pytest.mark.parametrize(
    ('old', 'new', 'message'),
    [
        ('epsnet', 'other', 'it was not made by this project'),
        ('format_version&quot;: 1', 'format_version&quot;: 2', 'has format version 2'),
    ],
)
def test_files_of_others(path, old, new, message):
    text = path.read_text(encoding='utf-8')
    assert old in text
    path.write_text(text.replace(old, new), encoding='utf-8')

    with pytest.raises(ValueError, match=message):
        PanopticModel(path)


def test_threads_and_providers(path):
    with pytest.raises(ValueError, match='threads is 0; set it to 1 or more'):
        OpenvinoSession(path, threads=0)
    with pytest.raises(ValueError, match=r'runs in OpenVINO, which has no providers'):
        PanopticModel(path, providers=['CPUExecutionProvider'])
