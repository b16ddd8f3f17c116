"""Frames of video files and cameras."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath

import numpy as np

from ..optional import require

VIDEO_SUFFIXES = tuple(
    ['.mp4', '.avi', '.mov', '.mkv', '.webm', '.m4v', '.mpg', '.mpeg', '.wmv']
)
# Where a file does not tell its frame rate.
_USUAL_FPS = 25.0
# A video with fewer of the frames that it declares is damaged.
_COMPLETE = 0.95


class Video:
    """Frames of a video file or a camera. They need OpenCV.

    Args:
        source: A path, or the index of a camera.
        every: Take each N-th frame only.

    Attributes:
        name: The name of the file without suffix, or 'camera0'.
        fps: Frames per second among those that are taken.

    Raises:
        ValueError: If it can't be opened.
        ImportError: If OpenCV is missing.
    """

    is_stream = True

    def __init__(self, source: str | int, every: int = 1) -> None:
        self.source, self.every = source, every
        is_camera = isinstance(source, int)
        self.name = f'camera{source}' if is_camera else PurePath(source).stem
        self._cv2 = require('cv2', 'opencv-python-headless', 'Reading videos')
        capture = self._open()
        fps = capture.get(self._cv2.CAP_PROP_FPS)
        frames = capture.get(self._cv2.CAP_PROP_FRAME_COUNT)
        capture.release()
        self.fps = (fps if 0 < fps < 1000 else _USUAL_FPS) / every
        #: Number of frames that the file declares; None if unknown.
        self.total = -(-int(frames) // every) if frames > 0 and not is_camera else None

    def _open(self) -> object:
        with self._silent():
            capture = self._cv2.VideoCapture(self.source)
        if not capture.isOpened():
            capture.release()
            kind = 'camera' if isinstance(self.source, int) else 'video'
            raise ValueError(
                f'Cannot open {kind} {self.source}: OpenCV knows no such '
                f'{"device" if kind == "camera" else "format, or it is damaged"}; '
                'give another one.'
            )
        return capture

    @contextmanager
    def _silent(self) -> Iterator[None]:
        """Keep OpenCV from telling what each of its readers could not open."""
        level = self._cv2.getLogLevel()
        self._cv2.setLogLevel(0)
        try:
            yield
        finally:
            self._cv2.setLogLevel(level)

    def __iter__(self) -> Iterator[tuple[np.ndarray | ValueError, str]]:
        """Yield each frame, (H, W, 3) uint8 BGR, and its name.

        A damaged file gives an error at its end, instead of the frames that it lacks.
        """
        capture = self._open()
        try:
            number = done = 0
            while capture.grab():
                if number % self.every == 0:
                    found, frame = capture.retrieve()
                    if found:
                        done += 1
                        yield frame, f'{self.name}/{number:06d}'
                number += 1
        finally:
            capture.release()
        # What files declare is exact for most formats, and nearly so for the others.
        if self.total is not None and done < _COMPLETE * self.total - 1:
            yield (
                ValueError(
                    f'Only {done} of {self.total} frames of {self.source} could be '
                    'read; the file is damaged, make it again.'
                ),
                self.name,
            )
