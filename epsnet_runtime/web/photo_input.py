"""The part of the page that takes an image."""

from types import ModuleType
from typing import Any


def make_photo_input(gradio: ModuleType) -> Any:
    """Make the component: drop a file, choose one, paste, or use the camera.

    Its value is the path of the uploaded file. Gradio itself would open the file
    first, and tell "Error" about one that is no image.

    Args:
        gradio: The module.

    Returns:
        A `gradio.Image`.
    """
    photo = gradio.Image(
        label='Image',
        type='filepath',
        sources=['upload', 'webcam', 'clipboard'],
        height=300,
        elem_id='photo',
    )
    photo.preprocess = lambda payload: payload and payload.path
    return photo
