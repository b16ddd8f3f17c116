"""Images that tell the ranges of a network's activations."""

from collections.abc import Iterator, Sequence

from epsnet_runtime.image_file import MAX_PIXELS
from epsnet_runtime.sources.pixels import BgrReader
from epsnet_runtime.sources.sources import Sources

import numpy as np
from onnxruntime.quantization import CalibrationDataReader


class CalibrationImages(CalibrationDataReader):
    """Feeds images to onnxruntime's calibration, one at a time.

    Args:
        given: Images, folders and patterns; see `Sources`. Of more than `most` images,
            every n-th is taken.
        channel_order: Of the file's input, 'bgr' or 'rgb'.
        most: Number of images.

    Attributes:
        total: Number of images that are fed.

    Raises:
        ValueError: There is no image.
    """

    def __init__(
        self, given: str | Sequence[str], channel_order: str, most: int = 16
    ) -> None:
        found = list(Sources(given))
        # Neighbors in a folder are often of one scene.
        self._images = found[:: -(-len(found) // most)] if found else []
        self.total = len(self._images)
        self._step = 1 if channel_order == 'bgr' else -1
        self._reader = BgrReader(MAX_PIXELS)
        self._rest: Iterator = iter(self._images)

    def get_next(self) -> dict[str, np.ndarray] | None:
        """The file's input for the next image; None after the last."""
        image = next(self._rest, None)
        if image is None:
            return None
        pixels = image.read(self._reader)[..., :: self._step]
        return dict(image=np.ascontiguousarray(pixels)[None])
