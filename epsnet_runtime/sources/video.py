"""Frames of video files, cameras and streams of the network."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from urllib.parse import urlsplit

import numpy as np

from ..optional import require
from ..suffixes import VIDEO_SUFFIXES

# Where a file does not tell its frame rate.
_USUAL_FPS = 25.0
# A video with fewer of the frames that it declares is damaged.
_COMPLETE = 0.95


class Video:
    """Frames of a video file, a camera or a stream. They need OpenCV.

    Args:
        source: A path, an address, or the index of a camera.
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
        self.name = f'camera{source}' if is_camera else _name(source)
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
            if is_video(str(self.source)) and not _may_exist(str(self.source)):
                raise ValueError(
                    f'Cannot open video {self.source}: it does not exist; correct the '
                    'path.'
                )
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


def is_video(source: str) -> bool:
    """Whether a path or an address has the suffix of a video."""
    path = urlsplit(source).path if '://' in source else source
    return path.lower().endswith(VIDEO_SUFFIXES)


def _may_exist(source: str) -> bool:
    """Whether a path is there; what an address has is not known."""
    return '://' in source or Path(source).exists()


def _name(source: str) -> str:
    """The last part of a path or an address, without its suffix."""
    if '://' not in source:
        return PurePath(source).stem
    # A stream may have a host only.
    parts = urlsplit(source)
    return PurePath(parts.path).stem or parts.hostname or 'stream'
