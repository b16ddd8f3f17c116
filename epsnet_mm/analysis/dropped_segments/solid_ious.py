"""IoU of outputs with the segments of the ground truth, as PQ has it.

Void pixels of the ground truth don't count in the union.
"""

from collections.abc import Sequence

import numpy as np


class TruthIndex:
    """The ground truth of an image as positions of segments.

    Args:
        index: (H, W) integers: 0 is void, g + 1 the segment g.
        num_segments: G.
    """

    def __init__(self, index: np.ndarray, num_segments: int) -> None:
        self.index = index
        self.num_segments = num_segments
        self.areas = self._count(index)

    def _count(self, index: np.ndarray) -> np.ndarray:
        return np.bincount(index.ravel(), minlength=self.num_segments + 1)[1:]

    def mask_ious(self, mask: np.ndarray, window: Sequence[int]) -> np.ndarray:
        """(G,) IoU of a mask with each segment, in [0, 1].

        Args:
            mask: Booleans of the size of the window.
            window: x_first, y_first, x_end, y_end in pixels.
        """
        x0, y0, x1, y1 = window
        common = self._count(self.index[y0:y1, x0:x1][mask])
        return common / np.maximum(self.areas + common.sum() - common, 1)

    def label_ious(self, labels: np.ndarray, num_labels: int) -> np.ndarray:
        """(L, G) IoU of each label of a map with each segment, in [0, 1].

        Args:
            labels: (H, W) integers in 0 .. L - 1.
            num_labels: L.
        """
        columns = self.num_segments + 1
        pairs = labels.astype(np.int64).ravel() * columns + self.index.ravel()
        common = np.bincount(pairs, minlength=num_labels * columns)
        common = common.reshape(num_labels, columns)[:, 1:]
        unions = self.areas + common.sum(axis=1, keepdims=True) - common
        return common / np.maximum(unions, 1)
