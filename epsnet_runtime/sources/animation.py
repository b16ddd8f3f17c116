"""Frames of animated images: GIF, WebP, PNG, AVIF."""

from collections.abc import Iterator
from pathlib import PurePath

import numpy as np

from ..image_file import MAX_PIXELS, has_frames, image_to_rgb, opened_image, unreadable

# What browsers take where a file gives none, in milliseconds.
_USUAL_DURATION = 100


class Animation:
    """Frames of an animated image, at one frame rate that keeps the whole length.

    Args:
        path: The file.
        every: Take each N-th frame only.

    Attributes:
        name: The name of the file without suffix.
        fps: Frames per second among those that are taken.
        total: Number of those.

    Raises:
        ValueError: If the file is damaged or too large.
    """

    is_stream = True

    def __init__(self, path: str, every: int = 1) -> None:
        self.path, self.every = path, every
        self.name = PurePath(path).stem
        durations = []
        try:
            with opened_image(path, MAX_PIXELS) as image:
                for number in range(image.n_frames):
                    image.seek(number)
                    image.load()
                    durations.append(image.info.get('duration') or _USUAL_DURATION)
        # The decoders raise whatever they meet in a damaged file.
        except Exception as error:
            raise unreadable(path, error) from error
        self.fps = 1000 * len(durations) / sum(durations) / every
        self.total = -(-len(durations) // every)

    def __iter__(self) -> Iterator[tuple[np.ndarray, str]]:
        """Yield each frame, (H, W, 3) uint8 BGR, and its name."""
        with opened_image(self.path, MAX_PIXELS) as image:
            for number in range(0, image.n_frames, self.every):
                image.seek(number)
                frame = np.ascontiguousarray(image_to_rgb(image)[..., ::-1])
                yield frame, f'{self.name}/{number:06d}'


def is_animated(path: str) -> bool:
    """Whether an image file has more than one frame; no if it can't be read."""
    try:
        with opened_image(path, MAX_PIXELS) as image:
            return has_frames(image)
    except Exception:
        return False
