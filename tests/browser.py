"""A headless Chromium for tests of pages, and what goes wrong in it."""

import shutil

import pytest

# As root, as in containers, Chromium needs the first. The others are a camera.
FLAGS = (
    '--no-sandbox',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
)
NAMES = ('chromium', 'chromium-browser', 'google-chrome', 'chrome')


class Browser:
    """Opens pages, and notes errors and requests to other hosts.

    Attributes:
        problems: What the pages wrote to the console as an error, what they threw, and
            each request to another host than this machine.
    """

    def __init__(self, chromium):
        self._chromium = chromium
        self._contexts = []
        self.problems = []

    def open(self, address, **options):
        """Open a page; `options` are those of Playwright's `new_context`."""
        context = self._chromium.new_context(**options)
        self._contexts.append(context)
        page = context.new_page()
        page.on('console', self._note_message)
        page.on('pageerror', lambda error: self.problems.append(str(error)))
        page.on('request', self._note_request)
        page.goto(address)
        return page

    def close(self):
        for context in self._contexts:
            context.close()

    def _note_message(self, message):
        if message.type == 'error':
            self.problems.append(message.text)

    def _note_request(self, request):
        local = ('http://127.0.0.1:', 'file:', 'data:', 'blob:')
        if not request.url.startswith(local):
            self.problems.append(f'request: {request.url}')


# One per module: while Playwright runs, no other test can run an event loop.
@pytest.fixture(scope='module')
def chromium():
    """A running Chromium; skips where there is none, or no Playwright."""
    playwright = pytest.importorskip(
        'playwright.sync_api', reason='playwright is not installed'
    )
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip('no Chromium is installed')
    with playwright.sync_playwright() as engine:
        # Where tests run as root, as in containers, Chromium needs --no-sandbox.
        camera = (
            '--use-fake-device-for-media-stream',
            '--use-fake-ui-for-media-stream',
        )
        running = engine.chromium.launch(
            executable_path=path, args=['--no-sandbox', *camera]
        )
        yield running
        running.close()


@pytest.fixture
def browser(chromium):
    """Opens pages; the test fails if one of them has a problem."""
    opened = Browser(chromium)
    yield opened
    opened.close()
    assert opened.problems == []
