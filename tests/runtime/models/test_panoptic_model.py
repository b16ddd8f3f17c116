"""A tiny ONNX file from the image to the result object."""

from pathlib import Path

import epsnet_runtime
from epsnet_runtime import PanopticModel
from epsnet_runtime.models.onnx_session import OnnxSession

import numpy as np
import pytest
import torch
from PIL import Image

pytest.importorskip('onnxruntime', reason='onnxruntime is not installed')
pytest.importorskip('onnx', reason='onnx is not installed')

from tests.runtime.models.tiny_onnx import METADATA, half_bright, write_tiny_onnx

import onnxruntime


@pytest.fixture
def model(tmp_path):
    return PanopticModel(write_tiny_onnx(tmp_path / 'tiny.onnx'), threads=1)


def test_array(model):
    result = model(half_bright())
    assert result.panoptic.dtype == np.int32
    assert (result.panoptic == (half_bright()[..., 0] > 127)).all()
    (segment,) = result.segments
    assert vars(segment) == dict(
        number=1,
        class_index=0,
        class_name='disc',
        isthing=True,
        score=0.25,
        area=100,
        box=(0, 0, 20, 10),
    )
    assert [entry.id for entry in result.classes] == [1, 2]  # not all have one
    assert (result.image == half_bright()[..., ::-1]).all()


def test_forms_of_one_image(model, tmp_path):
    bgr = half_bright()
    rgb = Image.fromarray(np.ascontiguousarray(bgr[..., ::-1]))
    rgb.save(tmp_path / 'x.png')
    tensor = torch.from_numpy(np.ascontiguousarray(bgr[..., ::-1])).permute(2, 0, 1)
    for image in (bgr, rgb, tmp_path / 'x.png', str(tmp_path / 'x.png'), tensor):
        assert (model(image).panoptic == (bgr[..., 0] > 127)).all()
    assert model(tmp_path / 'x.png').path == str(tmp_path / 'x.png')


def test_channel_order(tmp_path):
    path = write_tiny_onnx(tmp_path / 'a.onnx', dict(METADATA, channel_order='rgb'))
    assert not PanopticModel(path)(half_bright()).panoptic.any()
    assert PanopticModel(path)(half_bright()[..., ::-1]).panoptic.any()


def test_thresholds_are_fed(tmp_path):
    path = write_tiny_onnx(tmp_path / 'tiny.onnx')
    model = PanopticModel(path, score_threshold=0.5, overlap_threshold=0.1)
    assert model(half_bright()).segments[0].score == 0.5


def test_stuff_has_no_score(tmp_path):
    path = write_tiny_onnx(tmp_path / 'tiny.onnx', label=1)
    (segment,) = PanopticModel(path, score_threshold=np.nan)(half_bright()).segments
    assert (segment.class_name, segment.score) == ('sand', None)


def test_batches_of_mixed_sizes(model):
    images = [half_bright(10, w) for w in (20, 20, 20, 30, 30, 20)]
    results = list(model.iter_results(images, batch_size=2))
    assert [x.panoptic.shape[1] for x in results] == [20, 20, 20, 30, 30, 20]
    assert [x.segments[0].area for x in results] == [100, 100, 100, 150, 150, 100]
    assert [x.name for x in results] == [f'{n:08d}' for n in range(6)]


def test_what_cannot_be_read_is_named(model, tmp_path):
    (tmp_path / 'a.png').write_bytes(b'no image')
    Image.fromarray(half_bright()).save(tmp_path / 'b.png')
    results = list(model.iter_results(tmp_path))
    assert [x.name for x in results] == ['b']
    (failure,) = model.failures
    assert failure.startswith(f'Cannot read image {tmp_path}/a.png: it is no image')
    with pytest.raises(ValueError, match='Cannot read image'):
        model(tmp_path / 'a.png')


@pytest.mark.parametrize('warm_up', [True, False])
def test_warm_up(tmp_path, monkeypatch, warm_up):
    sizes = []
    run = OnnxSession.run
    monkeypatch.setattr(
        OnnxSession,
        'run',
        lambda session, feeds: (
            sizes.append(feeds['image'].shape) or run(session, feeds)
        ),
    )
    PanopticModel(write_tiny_onnx(tmp_path / 'tiny.onnx'), warm_up=warm_up)
    assert len(sizes) == int(warm_up)


@pytest.mark.parametrize(
    ('metadata', 'message'),
    [
        (None, "has no metadata named 'epsnet'"),
        (dict(METADATA, format_version=2), 'has format version 2, but this version'),
        ({}, 'cannot be read'),
        (dict(METADATA, channel_order='gray'), "channel_order 'gray'"),
        (dict(METADATA, classes=[]), 'The class list is wrong'),
        (dict(METADATA, classes=5), r"cannot be read \('int' object is not iterable"),
        (dict(METADATA, network_size=5), 'cannot be read'),
        (dict(METADATA, defaults=[1]), 'cannot be read'),
    ],
)
def test_wrong_metadata(tmp_path, metadata, message):
    path = write_tiny_onnx(tmp_path / 'tiny.onnx', metadata)
    with pytest.raises(ValueError, match=message) as error:
        PanopticModel(path)
    assert path in str(error.value)


def test_wrong_files(tmp_path, capfd):
    whole = Path(write_tiny_onnx(tmp_path / 'tiny.onnx')).read_bytes()
    broken = (
        b'no model',
        b'',
        whole[: len(whole) // 2],
        # Not UTF-8 in the metadata.
        whole.replace(b'"disc"', b'"\xff\xffsc"'),
    )
    for content in broken:
        (tmp_path / 'a.onnx').write_bytes(content)
        with pytest.raises(ValueError, match=r'a\.onnx is no ONNX file that') as error:
            PanopticModel(tmp_path / 'a.onnx')
        assert 'export it again, or install a newer onnxruntime' in str(error.value)
    # onnxruntime does not try again with the same provider, which it tells.
    assert 'EP Error' not in capfd.readouterr().out
    with pytest.raises(FileNotFoundError, match=r'b\.onnx does not exist; give'):
        PanopticModel(tmp_path / 'b.onnx')


def test_wrong_options(tmp_path):
    path = write_tiny_onnx(tmp_path / 'tiny.onnx')
    with pytest.raises(ValueError, match=r'has no XPU here; choose among .*CPU'):
        PanopticModel(path, providers=['XPU'])
    with pytest.raises(ValueError, match='threads is 0'):
        PanopticModel(path, threads=0)
    with pytest.raises(ValueError, match='batch_size is 0'):
        next(PanopticModel(path).iter_results([half_bright()], batch_size=0))


@pytest.mark.filterwarnings('ignore:Specified provider')
def test_a_provider_that_does_not_start(tmp_path, monkeypatch):
    """onnxruntime itself would go on with the processor."""
    path = write_tiny_onnx(tmp_path / 'tiny.onnx')
    known, here = onnxruntime.get_all_providers(), onnxruntime.get_available_providers()
    idle = next(name for name in known if name not in here)
    monkeypatch.setattr(onnxruntime, 'get_available_providers', lambda: known)

    with pytest.raises(ValueError, match=f'{idle} does not start; install what it'):
        PanopticModel(path, providers=[idle, 'CPUExecutionProvider'])


def test_public_names():
    assert set(epsnet_runtime.__all__) == {
        *('ClassInfo', 'PanopticModel', 'PanopticResult', 'Segment', 'load_classes'),
    }
