"""Writes a video file, without sound and at a constant frame rate."""

import os
from pathlib import Path

import numpy as np

from ..optional import require


class VideoFile:
    """A video file in MPEG-4, which gets the size of its first frame.

    It appears under its name when it is closed. It needs OpenCV.

    Args:
        path: The file, ending in .mp4; replaced if it exists.
        fps: Frames per second.
    """

    def __init__(self, path: Path, fps: float) -> None:
        self.path, self.fps = path, fps
        self._cv2 = require('cv2', 'opencv-python-headless', 'Writing videos')
        self._partial = path.with_name(f'.{path.stem}.{os.getpid()}.partial.mp4')
        self._writer = None
        self._size = (0, 0)

    def write(self, frame: np.ndarray) -> None:
        """Append a frame, (H, W, 3) uint8 RGB.

        Raises:
            OSError: If the file can't be written.
        """
        if self._writer is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # The codec stores whole pairs of pixels.
            self._size = tuple(max(2, side // 2 * 2) for side in frame.shape[1::-1])
            code = self._cv2.VideoWriter_fourcc(*'mp4v')
            self._writer = self._cv2.VideoWriter(
                str(self._partial), code, self.fps, self._size
            )
            if not self._writer.isOpened():
                raise OSError(
                    f'OpenCV could not write {self.path}: check the free space of the '
                    'disk and the rights on the folder.'
                )
        width, height = self._size
        if frame.shape[0] < height or frame.shape[1] < width:
            frame = self._cv2.resize(frame, self._size)
        self._writer.write(np.ascontiguousarray(frame[:height, :width, ::-1]))

    def close(self) -> None:
        """Finish the file."""
        if self._writer is not None:
            self._writer.release()
            self._writer = None
            os.replace(self._partial, self.path)
