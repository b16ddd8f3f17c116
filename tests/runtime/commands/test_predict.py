"""`epsnet predict` on a tiny exported network."""

import json
import os
import re
import signal
import subprocess
import sys
import time

from epsnet_mm.structures.segment_ids import decode_segment_ids
from epsnet_runtime import image_file
from epsnet_runtime.commands.main import main
from epsnet_runtime.models.panoptic_model import PanopticModel

import cv2
import numpy as np
import pytest
from PIL import Image

pytest.importorskip('onnxruntime', reason='onnxruntime is not installed')
pytest.importorskip('onnx', reason='onnx is not installed')

from tests.runtime.models.tiny_onnx import half_bright, write_tiny_onnx


@pytest.fixture
def model(tmp_path):
    return write_tiny_onnx(tmp_path / 'tiny.onnx')


@pytest.fixture
def folder(tmp_path):
    """Two images of one name in two folders."""
    for name in ('a/x.png', 'b/x.png'):
        (tmp_path / 'in' / name).parent.mkdir(parents=True)
        rgb = np.ascontiguousarray(half_bright()[..., ::-1])
        Image.fromarray(rgb).save(tmp_path / 'in' / name)
    return tmp_path / 'in'


@pytest.fixture
def video(tmp_path):
    """Eight frames, of 10 a second, of a bright square that moves to the right."""
    path = tmp_path / 'clip.mp4'
    code = cv2.VideoWriter_fourcc(*'mp4v')
    writer = cv2.VideoWriter(str(path), code, 10, (64, 48))
    for number in range(8):
        frame = np.zeros((48, 64, 3), np.uint8)
        frame[10:30, 10 + 2 * number : 30 + 2 * number] = 255
        writer.write(frame)
    writer.release()
    return path


def predict(*arguments) -> int:
    with pytest.raises(SystemExit) as end:
        main(['predict', *map(str, arguments)])
    return end.value.code


def ended(arguments, capsys) -> str:
    """What a command says that ends with exit code 1."""
    with pytest.raises(SystemExit) as end:
        main([str(argument) for argument in arguments])
    if isinstance(end.value.code, str):
        return end.value.code
    assert end.value.code == 1
    return capsys.readouterr().err


def written(out):
    return sorted(str(x.relative_to(out)) for x in out.rglob('*') if x.is_file())


def test_folder(model, folder, tmp_path, capsys):
    out = tmp_path / 'out'
    assert predict(folder, '--model', model, '--out-dir', out) == 0
    assert written(out) == [
        *('panoptic.json', 'panoptic/a/x.png', 'panoptic/b/x.png'),
        *('vis/a/x.png', 'vis/b/x.png'),
    ]
    content = json.loads((out / 'panoptic.json').read_text())
    assert content['images'] == [
        dict(id=1, file_name='a/x.png', height=10, width=20),
        dict(id=2, file_name='b/x.png', height=10, width=20),
    ]
    (segment,) = content['annotations'][0]['segments_info']
    assert (segment['area'], segment['bbox']) == (100, [0, 0, 10, 10])
    png = (out / 'panoptic/a/x.png').read_bytes()
    assert decode_segment_ids(png, 'x.png').sum() == 100
    printed = capsys.readouterr()
    assert printed.out == f'Wrote 2 results to {out}\n'
    assert 'images/s' in printed.err
    # Again into the same folder: the pictures there are no input.
    assert predict(folder, '--model', model, '--out-dir', out, '--quiet') == 0
    assert capsys.readouterr() == ('', '')


def test_options(model, folder, tmp_path):
    out = tmp_path / 'out'
    options = ['--score', '0.5', '--masks-only', '--classes', 'disc', '--out-dir', out]
    assert predict(folder / 'a/x.png', '--model', model, *options) == 0
    content = json.loads((out / 'panoptic.json').read_text())
    assert content['annotations'][0]['segments_info'] == []
    picture = np.asarray(Image.open(out / 'vis/x.png'))
    assert (picture[:10] == 40).all()


def test_images_that_fail(model, folder, tmp_path, capsys):
    (folder / 'a/y.png').write_bytes(b'no image')
    out = tmp_path / 'out'
    assert predict(folder, '--model', model, '--out-dir', out) == 1
    assert 'vis/b/x.png' in written(out)
    printed = capsys.readouterr().err
    assert '1 images failed:\nCannot read image' in printed


@pytest.mark.parametrize('every', [1, 3])
def test_video(model, video, tmp_path, every):
    out = tmp_path / 'out'
    options = ['--every', every, '--out-dir', out]
    assert predict(video, '--model', model, *options) == 0
    capture = cv2.VideoCapture(str(out / 'vis/clip.mp4'))
    assert capture.get(cv2.CAP_PROP_FPS) == pytest.approx(10 / every, rel=0.01)
    frames = []
    while (frame := capture.read()[1]) is not None:
        frames.append(frame)
    assert len(frames) == -(-8 // every)
    assert frames[0].shape == (48, 64, 3)
    names = [f'panoptic/clip/{n:06d}.png' for n in range(0, 8, every)]
    assert [x for x in written(out) if x.startswith('panoptic/')] == names


@pytest.mark.parametrize(
    ('arguments', 'message'),
    [
        (['x.png', '--model', 'missing.onnx'], 'missing.onnx does not exist'),
        (['*.none', '--model', 'MODEL'], r'No file fits \*.none'),
        (['x.png', '--model', 'a.py'], 'neither an exported file'),
        (['x.png', '--model', 'a', 'b', 'c'], 'sources before --model'),
        (['x.png', '--model', 'MODEL', '--half'], 'leave --half out'),
        (['x.png', '--model', 'MODEL', '--classes', 'cat'], "no class 'cat'"),
        (['x.png', '--model', 'MODEL', '--device', 'xpu'], 'device xpu is unknown'),
    ],
)
def test_errors_are_one_sentence(model, arguments, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Image.new('RGB', (5, 4)).save('x.png')
    arguments = [model if one == 'MODEL' else one for one in arguments]
    with pytest.raises(SystemExit, match=f'^epsnet predict: .*{message}'):
        main(['predict', *arguments])
    assert not (tmp_path / 'outputs').exists()


@pytest.mark.parametrize(
    'options', [['--batch-size', '0'], ['--blend', '2'], ['--score', 'x'], ['--model']]
)
def test_wrong_command_lines_end_with_2(options):
    assert predict('x.png', *options) == 2


def test_help_has_examples(capsys):
    assert predict('--help') == 0
    printed = capsys.readouterr().out
    assert 'examples:\n  epsnet predict photo.jpg ' in printed
    assert 'exit codes:' in printed


def test_interrupted(model, folder, tmp_path):
    """Paths come in one by one; Ctrl-C leaves valid files of what was done."""
    out = tmp_path / 'out'
    command = [sys.executable, '-m', 'epsnet_runtime', 'predict', '-', '--model', model]
    process = subprocess.Popen(
        [*command, '--out-dir', str(out)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        process.stdin.write(f'{folder}/a/x.png\n')
        process.stdin.flush()
        limit = time.monotonic() + 60
        while not (out / 'vis/x.png').exists() and time.monotonic() < limit:
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGINT)
        printed = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130, printed
    assert 'Interrupted; what was done is written.' in printed[1]
    assert 'Traceback' not in printed[1]
    assert written(out) == ['panoptic.json', 'panoptic/x.png', 'vis/x.png']
    assert len(json.loads((out / 'panoptic.json').read_text())['images']) == 1


def test_the_bar_tells_how_far_it_came(model, folder, tmp_path, capsys, monkeypatch):
    """After Ctrl-C it does not claim that all was done."""
    iter_results = PanopticModel.iter_results

    def interrupted(*arguments, **options):
        yield next(iter_results(*arguments, **options))
        raise KeyboardInterrupt

    options = ['--model', model, '--out-dir', tmp_path / 'out']
    assert predict(folder, *options) == 0
    assert '2/2' in capsys.readouterr().err
    monkeypatch.setattr(PanopticModel, 'iter_results', interrupted)
    assert predict(folder, *options) == 130
    assert '1/2' in capsys.readouterr().err


def test_formats_of_phones_and_of_the_web(model, folder, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(image_file, '_knows_heif', lambda: False)
    (folder / 'IMG_1.HEIC').write_bytes(b'\0\0\0\x18ftypheic')
    Image.new('RGB', (5, 4)).save(folder / 'c.gif')
    out = tmp_path / 'out'
    assert predict(folder, '--model', model, '--out-dir', out) == 1
    assert 'vis/c.png' in written(out)
    printed = capsys.readouterr().err
    assert re.search(
        r'1 images failed:\nCannot .*IMG_1.HEIC: .*pillow-heif, or .*', printed
    )


def test_a_damaged_video_is_named(model, tmp_path, capsys):
    path = tmp_path / 'clip.avi'
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'MJPG'), 10, (64, 48))
    for number in range(60):
        writer.write(np.full((48, 64, 3), 4 * number, np.uint8))
    writer.release()
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    out = tmp_path / 'out'
    assert predict(path, '--model', model, '--out-dir', out) == 1
    error = capsys.readouterr().err
    assert re.search(r'Only \d+ of 60 frames of .*clip.avi could be read', error)
    assert 'vis/clip.mp4' in written(out)


def test_names_with_any_character(model, video, tmp_path):
    name = "100% o'neu $x ü 中"
    video.rename(tmp_path / f'{name}.mp4')
    photo = tmp_path / f'{name}.png'
    Image.new('RGB', (5, 4)).save(photo)
    out = tmp_path / 'out'
    sources = (photo, tmp_path / f'{name}.mp4')
    assert predict(*sources, '--model', model, '--out-dir', out) == 0
    assert {f'vis/{name}.png', f'vis/{name}.mp4'} <= set(written(out))


@pytest.mark.parametrize(
    ('source', 'message'),
    [
        ('', 'An empty path is no image'),
        ('photos', 'photos holds no images'),
        ('none.jpg', 'Cannot read image none.jpg: it does not exist'),
        ('list.txt', 'list.txt is no text in UTF-8; write a path on each line'),
        ('http://127.0.0.1:9/a.jpg', 'refused; check the address and the network'),
        ('empty.avi', 'There is no image in empty.avi'),
    ],
)
def test_nothing_to_predict(model, tmp_path, monkeypatch, capsys, source, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'photos').mkdir()
    (tmp_path / 'list.txt').write_bytes(b'\xff\xfe\x00')
    code = cv2.VideoWriter_fourcc(*'MJPG')
    cv2.VideoWriter('empty.avi', code, 10, (64, 48)).release()
    assert message in ended(['predict', source, '--model', model], capsys)


def test_opencv_says_nothing(model, capfd):
    """Neither its readers of cameras nor those of files that it tries in turn."""
    assert 'Cannot open camera 97' in ended(['predict', '97', '--model', model], capfd)
    assert capfd.readouterr().err == ''


def test_a_missing_file_is_named_before_the_network_is_loaded(folder, capsys):
    arguments = ['predict', 'none.jpg', '--model', 'none.onnx']
    assert 'Cannot read image none.jpg: it does not' in ended(arguments, capsys)
    # Of several files, only the missing ones fail.
    arguments = ['predict', folder / 'a/x.png', *arguments[1:]]
    assert 'none.onnx does not exist' in ended(arguments, capsys)


def test_an_output_that_is_no_folder(model, folder, tmp_path, capsys):
    arguments = ['predict', folder, '--model', model, '--out-dir', f'{model}/x']
    assert 'tiny.onnx is a file; give a folder' in ended(arguments, capsys)
