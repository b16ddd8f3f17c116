"""A network without weights, which knows three flat colors."""

from epsnet_runtime import PanopticResult, Segment
from epsnet_runtime.class_info import make_classes
from epsnet_runtime.sources.pixels import BgrReader
from epsnet_runtime.sources.sources import Sources

import numpy as np
from PIL import Image

RED, GREEN, BLUE = (220, 30, 40), (30, 200, 60), (40, 60, 220)


class StubModel:
    """Red is a disc of score 0.9, green one of 0.3, blue is sand; the rest is void.

    An overlap threshold below 0.3 drops the green disc.
    """

    def __init__(self, max_pixels=10_000_000):
        self.classes = make_classes(
            [
                dict(id=7, name='disc', isthing=1, color=[250, 140, 20]),
                dict(id=30, name='<b>sand</b>', isthing=0, color=[50, 110, 200]),
            ]
        )
        self.failures = []
        self.overlap_threshold = 0.5
        #: The overlap threshold of each prediction.
        self.calls = []
        self._reader = BgrReader(max_pixels)

    def iter_results(self, sources):
        self.failures = []
        for image in Sources(sources):
            try:
                rgb = image.read(self._reader)[..., ::-1]
            except ValueError as error:
                self.failures.append(str(error))
                continue
            self.calls.append(self.overlap_threshold)
            yield self._predict(image, rgb)

    def _predict(self, image, rgb):
        kinds = [(RED, 0, 0.9), (BLUE, 1, None)]
        if self.overlap_threshold >= 0.3:
            kinds.append((GREEN, 0, 0.3))
        panoptic, segments = np.zeros(rgb.shape[:2], np.int32), []
        for color, label, score in kinds:
            mask = (np.abs(rgb.astype(int) - color) < 8).all(axis=2)
            if mask.any():
                number = len(segments) + 1
                panoptic[mask] = number
                ys, xs = np.nonzero(mask)
                box = (xs.min(), ys.min(), xs.max() + 1, ys.max() + 1)
                segments.append(
                    Segment(
                        number,
                        label,
                        self.classes[label].name,
                        self.classes[label].isthing,
                        score,
                        int(mask.sum()),
                        tuple(map(float, box)),
                    )
                )
        return PanopticResult(
            panoptic,
            segments,
            self.classes,
            image.path,
            rgb,
            image.stem,
            image.file_name,
        )


def flat_image(width=200, height=100) -> Image.Image:
    """Blue; a red square left, a green one right, a black stripe at the bottom."""
    pixels = np.full((height, width, 3), BLUE, np.uint8)
    pixels[20:60, 20:60] = RED
    pixels[20:60, 120:160] = GREEN
    pixels[90:] = 0
    return Image.fromarray(pixels)
