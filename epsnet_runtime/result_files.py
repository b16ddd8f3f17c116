"""Writes what `epsnet predict` promises: pictures, videos, COCO's files."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from .class_info import ClassInfo, coco_categories
from .coco.panoptic_writer import PanopticWriter
from .drawing.overlay import Style, draw_overlay
from .panoptic_result import PanopticResult
from .png_file import write_png
from .video.stable_colors import StableColors
from .video.video_file import VideoFile


class ResultFiles:
    """Writes results one after the other into a folder.

    - `vis/NAME.png`: the picture, or `vis/NAME.mp4` for all frames of a video
    - `panoptic/NAME.png`: segment numbers as R + 256 G + 65536 B
    - `panoptic.json`: all segments, in COCO's panoptic format

    The last two appear at the end of the block. Files of these names are replaced.

    Args:
        out_dir: The folder.
        classes: The classes of the network.
        style: How pictures look.
        videos: Frames per second of each video, by its name.

    Attributes:
        count: Number of results so far.
    """

    def __init__(
        self,
        out_dir: str,
        classes: Sequence[ClassInfo],
        style: Style,
        videos: Mapping[str, float],
    ) -> None:
        self.out_dir, self.style, self.videos = Path(out_dir), style, videos
        self.count = 0
        self._palette = [entry.color for entry in classes]
        self._writer = PanopticWriter(
            self.out_dir / 'panoptic.json', coco_categories(classes), overwrite=True
        )
        self._video: VideoFile | None = None
        self._colors = StableColors(self._palette)

    def __enter__(self) -> 'ResultFiles':
        """Open the annotation file."""
        self._writer.__enter__()
        return self

    def __exit__(self, *error) -> None:
        """Finish all files."""
        try:
            self._close_video()
        finally:
            self._writer.__exit__(*error)

    def add(self, result: PanopticResult) -> None:
        """Draw and write a result.

        Raises:
            OSError: If a file can't be written.
            ValueError: If two results have one name.
        """
        clip = result.name.rpartition('/')[0]
        if clip in self.videos and result.path is None:
            self._add_frame(result, clip)
        else:
            picture = self._draw(result, self.style)
            write_png(picture, self.out_dir / 'vis' / f'{result.name}.png')
        self._writer.add(
            result.coco_image(),
            result.panoptic,
            result.coco_segments(),
            f'{result.name}.png',
        )
        self.count += 1

    def _add_frame(self, result: PanopticResult, clip: str) -> None:
        path = self.out_dir / 'vis' / f'{clip}.mp4'
        if self._video is None or self._video.path != path:
            self._close_video()
            self._video = VideoFile(path, self.videos[clip])
            self._colors = StableColors(self._palette)
        colors = self._colors.next(result.panoptic, result.segments)
        self._video.write(self._draw(result, self.style.without_legend(), colors))

    def _draw(
        self, result: PanopticResult, style: Style, colors: Mapping | None = None
    ) -> np.ndarray:
        return draw_overlay(
            result.pixels(),
            result.panoptic,
            result.segments,
            self._palette,
            style,
            colors,
        )

    def _close_video(self) -> None:
        if self._video is not None:
            self._video.close()
            self._video = None
