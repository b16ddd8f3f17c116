"""`demo/onnxruntime_node.mjs`, the program in another language."""

import shutil
import subprocess
from pathlib import Path

from epsnet_runtime import PanopticModel

import numpy as np
import pytest
from PIL import Image

pytest.importorskip('onnxruntime', reason='onnxruntime is not installed')
pytest.importorskip('onnx', reason='onnx is not installed')

from tests.runtime.models.tiny_onnx import METADATA, half_bright, write_tiny_onnx

DEMO = Path(__file__).resolve().parents[2] / 'demo'
PACKAGES = ('onnxruntime-node', 'sharp')


@pytest.fixture(scope='module')
def run():
    """Run the program: arguments to the finished process."""
    node = shutil.which('node')
    if node is None:
        pytest.skip('node is not installed')
    look = ''.join(f'require.resolve("{name}");' for name in PACKAGES)
    # With `-e`, packages are looked for from the working folder upwards.
    if subprocess.run([node, '-e', look], cwd=DEMO, capture_output=True).returncode:
        pytest.skip(f'node finds no {" or ".join(PACKAGES)}: see docs/deployment.md')

    def _run(*arguments):
        command = [node, DEMO / 'onnxruntime_node.mjs', *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=120)

    return _run


def write_photo(path):
    """The left half is bright in the blue channel; the camera lay on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    pixels = np.ascontiguousarray(half_bright(40, 64)[..., ::-1])
    Image.fromarray(pixels).save(path, exif=exif, quality=95)
    return path


@pytest.mark.parametrize('suffix', ['.jpg', '.png'])
@pytest.mark.parametrize('order', ['bgr', 'rgb'])
def test_the_map_is_that_of_python(run, tmp_path, order, suffix):
    file = write_tiny_onnx(tmp_path / 'x.onnx', dict(METADATA, channel_order=order))
    photo = write_photo(tmp_path / f'photo{suffix}')
    expected = PanopticModel(file, threads=1)(photo)

    done = run(file, photo, tmp_path / 'map.png')

    assert done.returncode == 0, done.stderr
    assert expected.panoptic.shape == (64, 40)
    assert expected.panoptic.any() == (order == 'bgr')
    colors = np.array([[0, 0, 0], METADATA['classes'][0]['color']])
    with Image.open(tmp_path / 'map.png') as image:
        assert (np.asarray(image) == colors[expected.panoptic]).all()
    (segment,) = expected.segments
    number, name, score, area, *box = done.stdout.split()
    assert (number, name, float(score)) == ('1', 'disc', segment.score)
    assert int(area) == segment.area
    assert tuple(map(int, box)) == segment.box


def test_files_of_others_and_missing_arguments(run, tmp_path):
    file = write_tiny_onnx(tmp_path / 'x.onnx', metadata=None)

    done = run(file, write_photo(tmp_path / 'a.png'), tmp_path / 'map.png')
    assert 'has no metadata named epsnet: give an exported network' in done.stderr
    assert 'Usage: node onnxruntime_node.mjs FILE.onnx' in run(file).stderr
