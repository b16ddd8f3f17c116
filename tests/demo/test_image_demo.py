"""`demo/image_demo.py` on real weights' shapes, by its command line."""

import importlib.util
import json

# The tiny training's config, weights and way to run a script.
from tests.tools.conftest import REPO, run, tiny_config  # noqa: F401
from tests.tools.test_test import checkpoint  # noqa: F401

import cv2
import mmcv
import numpy as np
import pytest


def parse_args(*arguments):
    path = REPO / 'demo/image_demo.py'
    spec = importlib.util.spec_from_file_location('image_demo', path)
    demo = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(demo)
    return demo.parse_args(arguments)


def test_flags(capsys):
    args = parse_args('in', 'c.py', '--weights', 'x.pth')
    assert (args.out_dir, args.device, args.batch_size) == ('outputs', 'auto', 1)
    assert args.max_pixels == 200_000_000
    assert (args.every, args.score, args.show) == (1, 0.0, False)
    with pytest.raises(SystemExit):
        parse_args('in', 'c.py', '--weights', 'x.pth', '--batch-size', '0')
    assert '--batch-size: 0 must be at least 1' in capsys.readouterr().err


@pytest.mark.slow
def test_folder_with_a_corrupt_image(run, tiny_config, checkpoint, tmp_path):  # noqa: F811
    rng = np.random.default_rng(0)
    for name in ('1.jpg', '3.jpg'):
        mmcv.imwrite(
            rng.integers(0, 255, (50, 70, 3), np.uint8), str(tmp_path / 'in' / name)
        )
    (tmp_path / 'in/2.jpg').write_bytes(b'no image')
    code, text = run(
        'demo/image_demo.py',
        'in',
        tiny_config,
        '--weights',
        checkpoint,
        '--batch-size',
        2,
        '--out-dir',
        'out',
    )
    assert code == 1
    assert '1 images failed' in text
    assert 'Cannot read image in/2.jpg' in text
    content = json.loads((tmp_path / 'out/panoptic.json').read_text())
    assert [image['id'] for image in content['images']] == [1, 3]
    assert sorted(path.name for path in (tmp_path / 'out/vis').iterdir()) == [
        '1.png',
        '3.png',
    ]


@pytest.mark.slow
def test_nothing_readable_and_a_new_folder(run, tiny_config, checkpoint, tmp_path):  # noqa: F811
    (tmp_path / 'v.mp4').write_bytes(bytes(1000))
    code, text = run(
        'demo/image_demo.py',
        'v.mp4',
        tiny_config,
        '--weights',
        checkpoint,
        '--out-dir',
        'new/out',
    )
    assert code == 1
    assert 'Traceback' not in text
    assert text.splitlines()[-1] == (
        'image_demo: Cannot open video v.mp4: OpenCV knows no such format, or it is '
        'damaged; give another one.'
    )
    assert not (tmp_path / 'new').exists()


@pytest.mark.slow
def test_video_and_pattern(run, tiny_config, checkpoint, tmp_path):  # noqa: F811
    writer = cv2.VideoWriter(
        str(tmp_path / 'clip.avi'), cv2.VideoWriter_fourcc(*'MJPG'), 10, (64, 48)
    )
    for _ in range(6):
        writer.write(np.zeros((48, 64, 3), np.uint8))
    writer.release()
    mmcv.imwrite(np.zeros((48, 64, 3), np.uint8), str(tmp_path / 'a/b.png'))
    options = [tiny_config, '--weights', checkpoint, '--out-dir', 'out']
    code, text = run('demo/image_demo.py', 'clip.avi', *options, '--every', 3)
    assert code == 0, text
    assert 'Wrote 2 results to out' in text
    assert (tmp_path / 'out/vis/clip.mp4').is_file()
    code, text = run('demo/image_demo.py', '*/*.png', *options, '--masks-only')
    assert code == 0, text
    assert (tmp_path / 'out/vis/a/b.png').is_file()
