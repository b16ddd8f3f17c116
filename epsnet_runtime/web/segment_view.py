"""The part of the page that shows a result."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from .read_asset import read_asset

#: Calls in the browser that change the view without asking the server.
SET_SCORE = "(value) => { window.epsnetSegments.set('score', value); return []; }"
SET_OPACITY = "(value) => { window.epsnetSegments.set('opacity', value); return []; }"
SET_LABELS = "(value) => { window.epsnetSegments.set('labels', value); return []; }"


def make_segment_view(
    gradio: ModuleType, download: Callable[[dict], dict[str, str]]
) -> Any:
    """Make the component: the picture, the table of its segments, downloads.

    It is drawn in the browser, from the segment numbers of all pixels. So it answers
    the pointer at once, however many segments there are. Gradio's `AnnotatedImage`
    sends one picture per segment instead.

    Args:
        gradio: The module.
        download: Called with `token`, `kind`, `score` and `opacity`; gives `name` and
            `content` (base64), or `error`.

    Returns:
        A `gradio.HTML`. Its value is what `view_data` gives, with `token` and
        `seconds`; or a dict with an `error`, a sentence; or None.
    """
    download.__name__ = 'download'
    return gradio.HTML(
        html_template=read_asset('segment_view.html'),
        css_template=read_asset('segment_view.css'),
        js_on_load=read_asset('segment_view.js'),
        apply_default_css=False,
        server_functions=[download],
        elem_id='segments',
    )
