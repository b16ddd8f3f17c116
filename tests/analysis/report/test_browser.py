"""The page in a real browser: sorting, filters, keyboard, and nothing asked for.

It needs the package playwright, and Chromium: that of `playwright install chromium`,
or one of the system.
"""

import shutil

from epsnet_mm.analysis.report.dataset_report import dataset_report
from epsnet_mm.analysis.report.results_report import results_report
from epsnet_mm.datasets.synthetic.shapes import make_shapes
from epsnet_mm.datasets.validation.dataset_check import check_dataset

import pytest

playwright = pytest.importorskip(
    'playwright.sync_api', reason='playwright is not installed'
)

pytestmark = pytest.mark.browser

SYSTEM_BROWSERS = ('chromium', 'chromium-browser', 'google-chrome')


@pytest.fixture(scope='module')
def browser():
    """Headless Chromium."""
    own = next(filter(None, map(shutil.which, SYSTEM_BROWSERS)), None)
    with playwright.sync_playwright() as engine:
        try:
            browser = engine.chromium.launch(executable_path=own)
        except playwright.Error as error:
            pytest.skip(f'Chromium does not start: {str(error).splitlines()[0]}')
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, tmp_path):
    """Opens HTML; at the end, no error and no request may have been seen."""
    problems, pages = [], []

    def _open(html, **options):
        file = tmp_path / 'page.html'
        file.write_text(html, encoding='utf-8')
        page = browser.new_page(**options)
        pages.append(page)
        page.on('console', lambda message: problems.append(message.text))
        page.on('pageerror', lambda error: problems.append(str(error)))
        page.on('request', lambda request: problems.append(request.url))
        page.goto(file.as_uri())
        problems.remove(file.as_uri())
        return page

    yield _open
    for page in pages:
        page.close()
    assert [x for x in problems if not x.startswith('data:')] == []


@pytest.fixture
def html(files, tmp_path, sweep, dropped) -> str:
    options = dict(resamples=10, quiet=True)
    folder = str(tmp_path / 'images')
    return results_report(files, folder, 'Test', sweep, dropped, **options)


def shown_cards(page) -> int:
    return page.locator('.card:visible').count()


def column(page, number: int) -> list[str]:
    cells = page.locator(f'#class-table tbody tr > :nth-child({number})')
    return [text.strip() for text in cells.all_text_contents()]


def test_tables_are_sorted(html, open_page):
    page = open_page(html)
    pq = [float(text) for text in column(page, 3)]
    assert pq == sorted(pq)
    page.click('#class-table button:text-is("PQ")')
    assert [float(x) for x in column(page, 3)] == sorted(pq, reverse=True)
    heading = page.locator('#class-table th[aria-sort="descending"]')
    assert heading.inner_text() == 'PQ'
    page.click('#class-table button:text-is("class")')
    names = column(page, 1)
    assert names == sorted(names)
    page.click('#class-table button:text-is("class")')
    assert column(page, 1) == names[::-1]


def test_filters(html, open_page):
    page = open_page(html)
    everything = shown_cards(page)
    page.select_option('select[name="kind"]', 'worst')
    assert shown_cards(page) == 8
    assert page.inner_text('#shown') == '8'
    page.click('#filters [data-reset]')
    assert shown_cards(page) == everything
    # A class of the table, and a cause of the waterfall.
    page.click('#class-table button.link >> nth=0')
    by_class = shown_cards(page)
    assert 0 < by_class < everything
    name = column(page, 1)[0]
    assert page.input_value('select[name="class"]') == name
    page.click('.waterfall summary >> nth=0')
    page.click('.waterfall details[open] [data-set]')
    cause = page.input_value('select[name="cause"]')
    assert cause
    for card in page.locator('.card:visible').all():
        assert cause in card.get_attribute('data-cause').split()
    page.select_option('select[name="size"]', 'small')
    assert shown_cards(page) < everything
    page.fill('[name="search"]', 'no such file')
    assert shown_cards(page) == 0
    assert page.is_visible('#none')


def test_keyboard(html, open_page):
    page = open_page(html)
    page.keyboard.press('j')
    page.keyboard.press('j')
    first = page.locator('.card').nth(1)
    assert page.evaluate('document.activeElement.className') == 'card'
    page.keyboard.press('Enter')
    assert page.is_visible('#viewer')
    assert page.inner_text('#viewer-count').startswith('2 of')
    pressed = page.locator('#viewer [aria-pressed="true"]')
    assert pressed.inner_text() == 'Errors'
    page.keyboard.press('1')
    assert pressed.inner_text() == 'Input'
    page.keyboard.press(' ')
    assert pressed.inner_text() == 'Truth'
    page.keyboard.press('ArrowRight')
    assert page.inner_text('#viewer-count').startswith('3 of')
    page.keyboard.press('ArrowLeft')
    page.keyboard.press('Escape')
    assert not page.is_visible('#viewer')
    assert first.evaluate('card => card === document.activeElement')
    page.keyboard.press('/')
    page.keyboard.type('0.png')
    assert page.input_value('[name="search"]') == '0.png'
    page.keyboard.press('Escape')
    page.keyboard.press('?')
    assert page.is_visible('#help')


def test_light_and_dark(html, open_page):
    def background(page):
        return page.evaluate('getComputedStyle(document.body).backgroundColor')

    dark = background(open_page(html, color_scheme='dark'))
    page = open_page(html, color_scheme='light')
    light = background(page)
    assert light != dark
    page.click('#theme')
    assert background(page) == dark
    page.keyboard.press('t')
    assert background(page) == light


def test_pictures_load(html, open_page):
    page = open_page(html)
    page.locator('#gallery').scroll_into_view_if_needed()
    page.locator('.card img').nth(6).wait_for(state='attached')
    # Waiting for a condition would evaluate it in the page, which refuses that.
    widths = page.locator('.card img').evaluate_all(
        """async images => {
            await Promise.all(images.map(x => x.decode()));
            return images.map(x => x.naturalWidth);
        }"""
    )
    assert min(widths) > 0


def test_confusion_follows_the_keys(html, open_page, analysis):
    page = open_page(html)
    page.click('[data-matrix="pixels"]')
    page.focus('#matrix')
    for key in ('ArrowDown', 'ArrowRight', 'ArrowRight'):
        page.keyboard.press(key)
    names = [category['name'] for category in analysis.categories]
    text = page.inner_text('#cell')
    assert text.startswith(f'{names[1]} → {names[2]}: {analysis.pixels[1, 2]:,} pixels')


@pytest.mark.parametrize('width', [360, 390, 1280])
def test_nothing_is_wider_than_the_window(html, open_page, width):
    page = open_page(html, viewport=dict(width=width, height=800))
    assert page.evaluate('document.documentElement.scrollWidth') <= width


def test_page_of_a_dataset(open_page, tmp_path):
    make_shapes(str(tmp_path / 'shapes'), train=1, val=3, size=48)
    folder = tmp_path / 'shapes/annotations'
    report = check_dataset(
        str(folder / 'panoptic_val.json'),
        str(folder / 'panoptic_val'),
        str(tmp_path / 'shapes/val'),
    )
    page = open_page(dataset_report(report))
    assert shown_cards(page) == 3
    page.select_option('select[name="kind"]', 'problem')
    assert shown_cards(page) == 0
    page.keyboard.press('Escape')
    page.click('#filters [data-reset]')
    page.click('.card >> nth=0')
    assert page.locator('#viewer [data-layer]').count() == 2
