"""Measures segments by their runs: stretches of equal pixels in a row.

Panoptic maps change at borders only. Work on the runs instead of on the pixels is
work on a few thousand values instead of on a few hundred thousand. R is the number
of runs.
"""

import numpy as np


def find_runs(*maps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the stretches of pixels, row by row, on which maps are constant.

    Args:
        *maps: One or more (H, W) maps.

    Returns:
        (R,) position of each run's first pixel in the flattened map, and (R,)
        length of each run.
    """
    changes = np.ones(maps[0].size, dtype=bool)
    changes[1:] = False
    for values in maps:
        values = values.ravel()
        changes[1:] |= values[1:] != values[:-1]
    starts = np.flatnonzero(changes)
    return starts, np.diff(starts, append=changes.size)


def measure_segments(ids: np.ndarray) -> dict[int, tuple[int, list[int]]]:
    """Area and box of every segment.

    Args:
        ids: (H, W) segment ids, 0 is unlabelled.

    Returns:
        For each id but 0 its area in pixels and its box [x, y, width, height],
        as COCO's annotation files have them.
    """
    height, width = ids.shape
    rows = np.broadcast_to(np.arange(height)[:, None], ids.shape)
    # Runs end where a row ends, so each has one y.
    starts, lengths = find_runs(ids, rows)
    values = ids.ravel()[starts]
    order = np.argsort(values, kind='stable')
    starts, lengths, values = starts[order], lengths[order], values[order]
    found, first = np.unique(values, return_index=True)
    left, y = starts % width, starts // width
    areas = np.add.reduceat(lengths, first)
    x1, y1 = (np.minimum.reduceat(values, first) for values in (left, y))
    x2, y2 = (np.maximum.reduceat(values, first) for values in (left + lengths, y + 1))
    boxes = np.stack([x1, y1, x2 - x1, y2 - y1], axis=1)
    return {
        segment: (area, box)
        for segment, area, box in zip(
            found.tolist(), areas.tolist(), boxes.tolist(), strict=True
        )
        if segment != 0
    }
