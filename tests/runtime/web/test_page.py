"""The page in Chromium, with a network of three flat colors."""

import json
import re
import socket
import time

from epsnet_runtime.web.downloads import make_download
from epsnet_runtime.web.page_model import PageModel

import pytest

from .stub_model import StubModel, flat_image

pytest.importorskip('gradio', reason='gradio is not installed')

from epsnet_runtime.web.server import served_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

READY = '#segments .stage[data-state="ready"]'
RED_SQUARE, VOID = (40, 40), (100, 95)
SIZE = 200, 100


@pytest.fixture(scope='module')
def network():
    return StubModel()


@pytest.fixture(scope='module')
def hosts():
    """The other hosts that this process asked for while the page was served."""
    return []


@pytest.fixture(scope='module')
def address(network, hosts):
    real = socket.getaddrinfo

    def getaddrinfo(host, *args, **kwargs):
        if host not in ('127.0.0.1', 'localhost', '::1'):
            hosts.append(host)
        return real(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, 'getaddrinfo', getaddrinfo)
        with served_page(PageModel(network), 'stub') as address:
            yield address


@pytest.fixture
def page(browser, address):
    opened = browser.open(address, viewport=dict(width=1280, height=900))
    opened.set_default_timeout(60_000)
    opened.wait_for_selector('#segments .stage')
    return opened


def upload(page, path):
    page.set_input_files('#photo input[type=file]', path)


@pytest.fixture
def predicted(page, photo):
    """The page with a result."""
    upload(page, photo)
    page.wait_for_selector(READY)
    return page


def at(page, point):
    """Position on the page of a pixel of the image."""
    box = page.locator('#segments canvas.focus').bounding_box()
    x, y = (
        (value + 0.5) / size * box[side]
        for value, size, side in zip(point, SIZE, ('width', 'height'), strict=True)
    )
    return box['x'] + x, box['y'] + y


def rows(page):
    """The texts of the visible rows of the table."""
    found = page.locator('#segments tbody tr:not([hidden])')
    return [re.split(r'[\t\n]+', text) for text in found.all_inner_texts()]


def wait_for(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    assert condition()


def set_slider(page, name, value):
    box = page.locator(f'#{name} input[type=number]')
    box.fill(str(value))
    box.press('Tab')


def test_empty_page_helps(page):
    message = page.locator('#segments .message').inner_text()
    assert message.startswith('Drop an image, take one with the camera')
    assert not page.locator('#segments button[data-file]').first.is_visible()
    assert page.locator('#inputs .gallery-item').count() == 4


def test_upload_shows_the_segments(predicted):
    summary = predicted.locator('#segments .summary').inner_text()
    assert summary.startswith('3 segments (2 things, 1 stuff) · 200 x 100 · ')
    # Names are text, never HTML.
    assert rows(predicted) == [
        ['<b>sand</b>stuff', '-', '14,800 px', '74.0 %'],
        ['disc', '0.90', '1,600 px', '8.0 %'],
        ['disc', '0.30', '1,600 px', '8.0 %'],
    ]


def test_example_is_predicted(page):
    page.locator('#inputs .gallery-item').first.click()
    page.wait_for_selector(READY)
    assert '320 x 320' in page.locator('#segments .summary').inner_text()


def test_hover_tells_class_score_and_area(predicted):
    tip = predicted.locator('#segments .tip')
    predicted.mouse.move(*at(predicted, RED_SQUARE))
    assert tip.inner_text() == 'disc\nscore 0.90 · 1,600 px · 8.0 %'
    active = predicted.locator('#segments tr.active')
    assert active.locator('td').nth(1).inner_text() == '0.90'
    predicted.mouse.move(*at(predicted, VOID))
    assert not tip.is_visible()
    assert active.count() == 0


def test_click_keeps_a_segment(predicted):
    predicted.mouse.click(*at(predicted, RED_SQUARE))
    predicted.mouse.move(5, 5)
    pinned = predicted.locator('#segments tr.pinned.active')
    assert pinned.locator('td').nth(1).inner_text() == '0.90'
    label = predicted.locator('#segments canvas.focus').get_attribute('aria-label')
    assert label == 'disc, score 0.90, 1,600 px, 8.0 %'
    # All else is darker, the segment is not.
    alpha = predicted.evaluate(
        """([x, y]) => {
            const canvas = document.querySelector('#segments canvas.focus');
            const scale = canvas.width / 200;
            const at = (u, v) => canvas.getContext('2d')
                .getImageData(u * scale, v * scale, 1, 1).data[3];
            return [at(x, y), at(150, 40)];
        }""",
        RED_SQUARE,
    )
    assert alpha[0] == 0 < alpha[1]


def test_row_of_the_table_marks_its_segment(predicted):
    row = predicted.locator('#segments tbody tr').nth(1)
    row.hover()
    assert 'active' in row.get_attribute('class')
    row.focus()
    predicted.keyboard.press('Enter')
    assert 'pinned' in row.get_attribute('class')


def test_score_slider_needs_no_prediction(predicted, network):
    before = list(network.calls)
    set_slider(predicted, 'score', 0.5)
    wait_for(lambda: len(rows(predicted)) == 2)
    summary = predicted.locator('#segments .summary').inner_text()
    assert summary.startswith('2 of 3 segments (1 things, 1 stuff)')
    predicted.mouse.move(*at(predicted, (140, 40)))
    assert not predicted.locator('#segments .tip').is_visible()
    assert network.calls == before


def test_overlap_slider_predicts_once_per_value(page, network, tmp_path):
    path = tmp_path / 'other.png'
    flat_image(200, 120).save(path)
    upload(page, str(path))
    page.wait_for_selector(READY)
    before = len(network.calls)
    set_slider(page, 'overlap', 0.2)
    wait_for(lambda: len(rows(page)) == 2)
    assert network.calls[before:] == [0.2]
    set_slider(page, 'overlap', 0.5)
    wait_for(lambda: len(rows(page)) == 3)
    assert network.calls[before:] == [0.2]


@pytest.mark.parametrize('kind', ['picture', 'json', 'zip'])
def test_download(predicted, stub, photo, kind):
    set_slider(predicted, 'score', 0.5)
    wait_for(lambda: len(rows(predicted)) == 2)
    with predicted.expect_download() as started:
        predicted.click(f'#segments button[data-file={kind}]')
    expected_name, expected = make_download(
        PageModel(stub).predict(photo, 0.5).result, kind, 0.5, 0.55
    )
    assert started.value.suggested_filename == expected_name
    content = started.value.path().read_bytes()
    if kind == 'json':
        assert json.loads(content) == json.loads(expected)
        assert len(json.loads(content)['annotations'][0]['segments_info']) == 2
    elif kind == 'picture':
        assert content == expected
    else:
        assert content[:4] == b'PK\x03\x04'


def test_text_file_with_the_suffix_of_an_image(predicted, tmp_path):
    path = tmp_path / 'notes.png'
    path.write_text('no image', encoding='utf-8')
    predicted.locator('#photo button[aria-label="Remove Image"]').click()
    predicted.wait_for_selector('#segments .stage[data-state="empty"]')
    upload(predicted, str(path))
    predicted.wait_for_selector('#segments .stage[data-state="error"]')
    assert predicted.locator('#segments .message').inner_text() == (
        'Cannot read image notes.png: it is no image of a known format; replace or '
        'remove the file.'
    )
    assert rows(predicted) == []


def test_text_file(page, tmp_path):
    path = tmp_path / 'notes.txt'
    path.write_text('no image', encoding='utf-8')
    upload(page, str(path))
    page.get_by_text(re.compile('invalid file type', re.IGNORECASE)).first.wait_for()


def test_phone(browser, address, photo):
    page = browser.open(
        address, viewport=dict(width=390, height=844), has_touch=True, is_mobile=True
    )
    page.set_default_timeout(60_000)
    page.wait_for_selector('#segments .stage')
    upload(page, photo)
    page.wait_for_selector(READY)
    assert page.evaluate('document.documentElement.scrollWidth') <= 390
    page.locator('#segments canvas.focus').scroll_into_view_if_needed()
    page.touchscreen.tap(*at(page, RED_SQUARE))
    assert page.locator('#segments tr.pinned').count() == 1
    # The result comes before the sliders.
    boxes = [
        page.locator(name).bounding_box()['y']
        for name in ('#photo', '#segments', '#settings')
    ]
    assert boxes == sorted(boxes)


def test_camera(browser, address):
    """Chromium shows a moving test picture."""
    page = browser.open(address, permissions=['camera'])
    page.set_default_timeout(60_000)
    page.wait_for_selector('#segments .stage')
    page.locator('#photo button[aria-label="Capture from camera"]').click()
    page.get_by_text(re.compile('access webcam', re.IGNORECASE)).click()
    # Before the first frame is there, Gradio passes over the button.
    wait_for(lambda: page.locator('#photo video').evaluate('x => x.videoWidth > 0'))
    page.locator('#photo button[aria-label="capture photo"]').click()
    page.wait_for_selector(READY)
    assert page.locator('#segments .summary').inner_text().startswith('0 segments')


def test_nothing_is_asked_of_other_hosts(predicted, hosts):
    """What the browser asks for is checked in each test."""
    assert hosts == []
