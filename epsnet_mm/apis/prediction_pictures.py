"""Drawing of one prediction, whose failure does not end a run."""

from pathlib import Path

import cv2
import numpy as np
from mmdet.structures import DetDataSample
from mmengine.visualization import Visualizer

from ..datasets.image_reader import as_rgb
from .image_batches import report


def draw_prediction(
    visualizer: Visualizer,
    name: str,
    pixels: np.ndarray,
    sample: DetDataSample,
    out_dir: str,
    failures: list[str],
    **options,
) -> np.ndarray | None:
    """Draw, and show or write, what an inferencer has predicted.

    Args:
        visualizer: Draws.
        name: Of the picture.
        pixels: As an `ImageReader` gives.
        sample: The prediction.
        out_dir: Where to write `vis/<name>.png`; '' writes nothing.
        failures: A sentence is added if drawing fails.
        **options: See `add_datasample` of the visualizer.

    Returns:
        (h, w, 3) uint8 RGB; None if drawing has failed.
    """
    path = str(Path(out_dir, 'vis', f'{name}.png')) if out_dir else None
    try:
        visualizer.add_datasample(
            name, as_rgb(pixels), sample, draw_gt=False, out_file=path, **options
        )
        return visualizer.get_image()
    except (cv2.error, MemoryError) as error:
        report(failures, f'Cannot draw the result of {name}: {error}')
        return None
