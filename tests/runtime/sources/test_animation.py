"""Images that move."""

import importlib

from epsnet_runtime.commands.main import main
from epsnet_runtime.sources import Sources
from epsnet_runtime.sources.pixels import BgrReader

import cv2
import numpy as np
import pytest
from PIL import Image

READER = BgrReader(None)


def write(path, count=5):
    """Frames of 0, 50, 100, ... of 100 ms, but the last one of 300 ms."""
    frames = [Image.new('RGB', (32, 16), (50 * n,) * 3) for n in range(count)]
    durations = [100] * (count - 1) + [300]
    options = dict(lossless=True) if path.suffix == '.webp' else {}
    if count > 1:
        options.update(save_all=True, append_images=frames[1:], duration=durations)
    frames[0].save(path, **options)
    return path


@pytest.mark.parametrize('suffix', ['.gif', '.webp', '.png'])
def test_frames(tmp_path, suffix):
    sources = Sources(write(tmp_path / f'a{suffix}'), every=2)
    (part,) = sources.clips
    assert sources.total == 3
    # Five frames in 0.7 seconds.
    assert part.fps == pytest.approx(5 / 0.7 / 2)
    images = list(sources)
    assert [x.stem for x in images] == ['a/000000', 'a/000002', 'a/000004']
    pixels = [x.read(READER) for x in images]
    assert [x.shape for x in pixels] == [(16, 32, 3)] * 3
    assert [x.mean() for x in pixels] == pytest.approx([0, 100, 200], abs=2)


@pytest.mark.parametrize('suffix', ['.gif', '.webp', '.png'])
def test_one_frame_is_an_image(tmp_path, suffix):
    (image,) = Sources(write(tmp_path / f'a{suffix}', count=1))
    assert image.file_name == f'a{suffix}'


def test_elsewhere_the_first_frame_is_named(tmp_path, caplog):
    write(tmp_path / 'a.gif')
    (image,) = Sources(tmp_path)
    for _ in range(2):
        assert (image.read(READER) == 0).all()
    assert caplog.text.count('Only the first frame of') == 1
    assert f'{tmp_path}/a.gif is taken' in caplog.text


def test_what_phones_add_is_no_frame(tmp_path, caplog):
    left, right = (Image.new('RGB', (32, 16), color) for color in ('red', 'blue'))
    left.save(tmp_path / 'a.jpg', 'MPO', save_all=True, append_images=[right])
    (image,) = Sources(tmp_path / 'a.jpg')
    assert image.read(READER)[0, 0].tolist() == pytest.approx([0, 0, 255], abs=2)
    assert caplog.text == ''


def test_damaged(tmp_path):
    path = write(tmp_path / 'a.gif', count=5)
    rng = np.random.default_rng(0)
    noise = Image.fromarray(rng.integers(0, 256, (64, 64, 3), np.uint8))
    noise.save(path, save_all=True, append_images=[noise.rotate(90)], duration=100)
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(ValueError, match=r'Cannot read image .*a\.gif'):
        Sources(path)


def test_it_becomes_a_video(tmp_path):
    pytest.importorskip('onnxruntime', reason='onnxruntime is not installed')
    pytest.importorskip('onnx', reason='onnx is not installed')
    tiny = importlib.import_module('tests.runtime.models.tiny_onnx')
    model = tiny.write_tiny_onnx(tmp_path / 'tiny.onnx')
    path, out = write(tmp_path / 'a.gif'), tmp_path / 'out'
    with pytest.raises(SystemExit) as end:
        main(['predict', str(path), '--model', str(model), '--out-dir', str(out)])
    assert end.value.code == 0
    assert [x.name for x in (out / 'vis').iterdir()] == ['a.mp4']
    capture = cv2.VideoCapture(str(out / 'vis/a.mp4'))
    asked = (cv2.CAP_PROP_FPS, cv2.CAP_PROP_FRAME_COUNT)
    found = [capture.get(one) for one in asked]
    assert found == pytest.approx([5 / 0.7, 5], rel=0.01)
