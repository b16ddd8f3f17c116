"""Colors that instances keep from frame to frame."""

from collections.abc import Sequence

import numpy as np

from ..drawing.segment_colors import Color, segment_colors
from ..segment import Segment

# Intersection over union from which on two masks are taken to be one instance.
_MIN_IOU = 0.3


class StableColors:
    """Gives each segment the color of the segment that it covers in the last frame.

    This is no tracker: it compares a frame with the one before it only. An instance
    that moves by more than its own size, is hidden for a frame, or is missed once gets
    a new color.

    Args:
        palette: RGB of each class.
    """

    def __init__(self, palette: Sequence[Color]) -> None:
        self.palette = palette
        self._last: tuple[np.ndarray, dict[int, Segment], dict[int, Color]] | None
        self._last = None

    def next(
        self, panoptic: np.ndarray, segments: Sequence[Segment]
    ) -> dict[int, Color]:
        """Choose the colors of the next frame.

        Args:
            panoptic: (H, W) segment numbers.
            segments: Its segments.

        Returns:
            RGB of each segment number.
        """
        kept = {}
        if self._last is not None and self._last[0].shape == panoptic.shape:
            _, last_segments, last_colors = self._last
            for number, last in self._matches(panoptic, segments, last_segments):
                kept[number] = last_colors[last]
        classes = {segment.number: segment.class_index for segment in segments}
        colors = segment_colors(panoptic, classes, self.palette, kept)
        numbered = {segment.number: segment for segment in segments}
        self._last = panoptic, numbered, colors
        return colors

    def _matches(
        self,
        panoptic: np.ndarray,
        segments: Sequence[Segment],
        last_segments: dict[int, Segment],
    ) -> list[tuple[int, int]]:
        """Pairs of a number and the last frame's number, the best overlaps first."""
        last_panoptic = self._last[0]
        size = max(last_segments, default=0) + 1
        both = (panoptic > 0) & (last_panoptic > 0)
        pairs = panoptic[both].astype(np.int64) * size + last_panoptic[both]
        pairs, shared = np.unique(pairs, return_counts=True)
        numbered = {segment.number: segment for segment in segments}
        found = []
        for pair, common in zip(pairs.tolist(), shared.tolist(), strict=True):
            number, last = divmod(pair, size)
            if number not in numbered or last not in last_segments:
                continue
            one, other = numbered[number], last_segments[last]
            overlap = common / (one.area + other.area - common)
            if one.class_index == other.class_index and overlap >= _MIN_IOU:
                found.append((overlap, number, last))
        taken: set[int] = set()
        matches: dict[int, int] = {}
        for _, number, last in sorted(found, reverse=True):
            if number not in matches and last not in taken:
                matches[number] = last
                taken.add(last)
        return list(matches.items())
