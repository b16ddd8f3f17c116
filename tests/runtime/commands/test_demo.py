"""`epsnet demo`: what it is given, what it says, and one real run."""

import signal
import subprocess
import sys
from contextlib import contextmanager

from epsnet_mm.datasets.synthetic.shapes import CATEGORIES
from epsnet_mm.environment.default_network import default_network
from epsnet_runtime.commands import demo
from epsnet_runtime.commands.main import main

import pytest
import torch
from mmdet.registry import MODELS
from mmengine.config import Config
from PIL import Image, ImageDraw

CONFIG = 'configs/epsnet/epsnet_r18_fpn_shapes.py'


class Network:
    classes = ()
    failures = ()
    overlap_threshold = 0.5


def run(*arguments):
    with pytest.raises(SystemExit) as end:
        main(['demo', *map(str, arguments)])
    return end.value.code


@pytest.fixture
def served(monkeypatch):
    """What was loaded and served; the page ends at once, as by Ctrl-C."""
    calls = []

    @contextmanager
    def served_page(model, title, host, port):
        calls.append((model.overlap_threshold, title, host, port))
        yield 'http://127.0.0.1:7860/'

    class Interrupted:
        def wait(self):
            raise KeyboardInterrupt

    def load_model(files, device, max_pixels):
        calls.append((list(files), device))
        return Network()

    monkeypatch.setattr(demo, 'served_page', served_page)
    monkeypatch.setattr(demo, 'load_model', load_model)
    monkeypatch.setattr(demo.threading, 'Event', Interrupted)
    return calls


@pytest.mark.parametrize(
    ('arguments', 'files', 'title'),
    [
        (['a/net.py', 'c.pth'], ['a/net.py', 'c.pth'], 'net'),
        (['--model', 'a/net.onnx'], ['a/net.onnx'], 'net'),
        ([], [], 'facades'),
    ],
)
def test_serves_this_machine_alone(served, capsys, arguments, files, title):
    assert run(*arguments) == 0
    assert served == [(files, 'auto'), (0.5, title, '127.0.0.1', None)]
    expected = 'Open http://127.0.0.1:7860/ in a browser; Ctrl-C ends it.\n'
    assert capsys.readouterr().out.startswith(expected)


def test_host_and_port(served):
    options = ['--host', '0.0.0.0', '--port', '8000', '--device', 'cpu']
    assert run('--model', 'net.onnx', *options) == 0
    assert served == [(['net.onnx'], 'cpu'), (0.5, 'net', '0.0.0.0', 8000)]


def test_one_network():
    assert run('a.py', 'b.pth', '--model', 'net.onnx') == (
        'epsnet demo: Give one network: CONFIG CHECKPOINT, or --model with an '
        'exported file.'
    )


def test_without_gradio(monkeypatch):
    monkeypatch.setitem(sys.modules, 'gradio', None)
    monkeypatch.setattr(demo, 'load_model', lambda *_: Network())
    message = run('--model', 'net.onnx')
    assert message.startswith('epsnet demo: epsnet demo needs gradio')
    assert message.endswith('pip install "epsnet_mm[demo]"')


def test_wrong_port():
    assert run('--model', 'net.onnx', '--port', '0') == 2


@pytest.mark.slow
@pytest.mark.browser
def test_real_network(browser, repo_root, tmp_path, free_port):
    """An untrained EPSNet: the first example gets a result, Ctrl-C ends with 0."""
    pytest.importorskip('gradio', reason='gradio is not installed')
    network = MODELS.build(Config.fromfile(repo_root / CONFIG).model)
    things = [entry['name'] for entry in CATEGORIES if entry['isthing']]
    stuff = [entry['name'] for entry in CATEGORIES if not entry['isthing']]
    meta = dict(classes=things + stuff, thing_classes=things, stuff_classes=stuff)
    checkpoint = dict(state_dict=network.state_dict(), meta=dict(dataset_meta=meta))
    torch.save(checkpoint, tmp_path / 'net.pth')
    with running(
        CONFIG, tmp_path / 'net.pth', port=free_port, cwd=repo_root
    ) as address:
        page = browser.open(address)
        page.set_default_timeout(60_000)
        page.locator('#inputs .gallery-item').first.click()
        page.wait_for_selector('#segments .stage[data-state="ready"]')
        assert '320 x 320' in page.locator('#segments .summary').inner_text()
        box = page.locator('#overlap input[type=number]')
        assert box.input_value() == '0.5'
        browser.close()


@pytest.mark.slow
@pytest.mark.browser
def test_exported_network(browser, repo_root, tmp_path, free_port):
    """The network in the box, exported: a facade gets segments that the page names."""
    for package in ('gradio', 'onnxscript', 'onnxruntime'):
        pytest.importorskip(package, reason=f'{package} is not installed')
    file, photo = tmp_path / 'facades.onnx', tmp_path / 'house.png'
    draw_house().save(photo)
    export = [
        sys.executable,
        'tools/deployment/export.py',
        *map(str, default_network()),
    ]
    subprocess.run([*export, '--out', file], cwd=repo_root, check=True)
    with running('--model', file, port=free_port) as address:
        page = browser.open(address)
        page.set_default_timeout(60_000)
        page.set_input_files('#photo input[type=file]', photo)
        page.wait_for_selector('#segments .stage[data-state="ready"]')
        table = page.locator('#segments tbody').inner_text()
        assert 'facade' in table
        assert 'window' in table
        # The middle of the wall.
        box = page.locator('#segments canvas.focus').bounding_box()
        page.mouse.move(box['x'] + box['width'] / 2, box['y'] + box['height'] / 2)
        assert page.locator('#segments .tip').inner_text().startswith('facade\nstuff')
        browser.close()


def draw_house() -> Image.Image:
    """A wall with four windows."""
    house = Image.new('RGB', (320, 320), (190, 160, 120))
    draw = ImageDraw.Draw(house)
    for left in (50, 210):
        for top in (50, 210):
            box = (left, top, left + 60, top + 70)
            draw.rectangle(box, (40, 50, 70), (235, 235, 230), 6)
            draw.line((left + 30, top, left + 30, top + 70), (235, 235, 230), 5)
    return house


@contextmanager
def running(*arguments, port, cwd=None):
    """The address of a page that is served meanwhile; at the end, Ctrl-C ends it."""
    command = [sys.executable, '-m', 'epsnet_runtime', 'demo', *map(str, arguments)]
    process = subprocess.Popen(
        [*command, '--port', port, '--device', 'cpu'],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        address = f'http://127.0.0.1:{port}/'
        line = process.stdout.readline()
        # Nothing else is printed.
        assert line == f'Open {address} in a browser; Ctrl-C ends it.\n', (
            process.stderr.read()
        )
        yield address
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0
    assert errors == ''
