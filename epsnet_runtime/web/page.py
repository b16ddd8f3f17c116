"""The page of `epsnet demo`: an image in, its segments out."""

import base64
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from .downloads import make_download
from .page_model import PageModel
from .photo_input import make_photo_input
from .segment_view import SET_LABELS, SET_OPACITY, SET_SCORE, make_segment_view
from .view_data import view_data

OPACITY = 0.55


def build_page(
    gradio: ModuleType, model: PageModel, title: str, examples: Sequence[str] = ()
) -> Any:
    """Build the page.

    The thresholds for scores and the opacity work in the browser. The overlap
    threshold runs the network again, once per value and image.

    Args:
        gradio: The module.
        model: The network.
        title: What the page says about the network.
        examples: Paths of example images.

    Returns:
        A `gradio.Blocks`.
    """

    def predict(path: str | None, overlap: float) -> dict | None:
        if path is None:
            return None
        try:
            found = model.predict(path, overlap)
        except (OSError, ValueError) as error:
            return dict(error=str(error))
        return dict(view_data(found.result), token=found.token, seconds=found.seconds)

    def download(request: dict) -> dict[str, str]:
        try:
            result = model.find(request['token'])
            name, content = make_download(
                result, request['kind'], request['score'], request['opacity']
            )
        except (OSError, ValueError) as error:
            return dict(error=str(error))
        return dict(name=name, content=base64.b64encode(content).decode())

    with gradio.Blocks(title=f'EPSNet: {title}', analytics_enabled=False) as page:
        gradio.Markdown(
            f'# Panoptic segmentation\n{title}, {len(model.classes)} classes. Images '
            'stay on this machine.',
            elem_id='title',
        )
        with gradio.Row():
            with gradio.Column(scale=2, min_width=300, elem_id='inputs'):
                photo = make_photo_input(gradio)
                if examples:
                    gradio.Examples(list(examples), photo, label='Examples')
                with gradio.Column(elem_id='settings'), gradio.Group():
                    score, overlap, opacity, labels = _settings(gradio, model)
            with gradio.Column(scale=5, min_width=320, elem_id='output'):
                view = make_segment_view(gradio, download)
        gradio.on(
            [photo.change, overlap.change],
            predict,
            [photo, overlap],
            view,
            show_progress='minimal',
            show_progress_on=view,
            trigger_mode='always_last',
            api_visibility='private',
        )
        for control, script in (
            (score, SET_SCORE),
            (opacity, SET_OPACITY),
            (labels, SET_LABELS),
        ):
            control.change(None, control, None, js=script, api_visibility='private')
    return page


def _settings(gradio: ModuleType, model: PageModel) -> tuple[Any, Any, Any, Any]:
    """Sliders of the score, the overlap and the opacity, and a box for labels."""
    score = gradio.Slider(
        *(0, 1, 0),
        step=0.01,
        label='Minimum score',
        info='Hides things with a lower score. Stuff has no score.',
        elem_id='score',
    )
    configured = model.overlap_threshold
    overlap = gradio.Slider(
        *(0, 1, 0.5 if configured is None else configured),
        step=0.05,
        label='Maximum overlap',
        info='Drops a thing of which better ones cover a larger share. Runs the '
        'network again.',
        visible=configured is not None,
        elem_id='overlap',
    )
    opacity = gradio.Slider(
        *(0, 1, OPACITY), step=0.05, label='Opacity of colors', elem_id='opacity'
    )
    labels = gradio.Checkbox(True, label='Labels', elem_id='labels')
    return score, overlap, opacity, labels
