"""What a test pipeline does to an image, as far as a graph can do it."""

from collections.abc import Sequence
from dataclasses import dataclass

# They change no pixels.
_WITHOUT_PIXELS = ('LoadPanopticSegments', 'LoadAnnotations', 'PackDetInputs')


@dataclass(frozen=True)
class PipelineInput:
    """How an image becomes the network's input.

    Attributes:
        size: (height, width) of the network's input.
        as_floats: Pixels are floats before they are resized.
    """

    size: tuple[int, int]
    as_floats: bool


def read_pipeline(
    pipeline: Sequence[dict], size: tuple[int, int] | None = None
) -> PipelineInput:
    """Read a test pipeline: an image is loaded, resized and packed.

    Args:
        pipeline: `test_dataloader.dataset.pipeline` of a config.
        size: (height, width) in place of the pipeline's.

    Raises:
        ValueError: A step cannot be exported, or a size is missing.
    """
    found, as_floats = None, False
    for step in pipeline:
        kind = step['type']
        if kind == 'LoadImageFromFile':
            as_floats = step.get('to_float32', False)
        elif kind == 'Resize':
            _check_resize(step)
            width, height = step['scale']
            found = (height, width)
        elif kind not in _WITHOUT_PIXELS:
            raise ValueError(
                f'The test pipeline has the step {kind}, which cannot be exported: '
                'use LoadImageFromFile, Resize and PackDetInputs.'
            )
    if size is None and found is None:
        raise ValueError(
            'The test pipeline has no Resize, so the size of the network is unknown: '
            'give --size HEIGHT WIDTH.'
        )
    return PipelineInput(tuple(size or found), as_floats)


def _check_resize(step: dict) -> None:
    """Refuse what `resize_images` does not do.

    Raises:
        ValueError: An argument of Resize has another value.
    """
    if step.get('keep_ratio', False) or not step.get('scale'):
        raise ValueError(
            'Resize of the test pipeline keeps the aspect ratio, so the size of the '
            "network's input depends on the image, which cannot be exported: use a "
            '`scale` with `keep_ratio=False`.'
        )
    for key, value in (('interpolation', 'bilinear'), ('backend', 'cv2')):
        if step.get(key, value) != value:
            raise ValueError(
                f'Resize of the test pipeline has {key}={step[key]!r}, which cannot '
                f'be exported: use {value!r}.'
            )
