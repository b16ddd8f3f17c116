"""Image files: the reader of the dataset, and of inference."""

import random
from collections.abc import Callable
from pathlib import Path

from epsnet_mm.datasets.image_file import applied_orientation, image_size, read_image
from epsnet_mm.datasets.image_reader import ImageReader, as_rgb
from epsnet_mm.datasets.orientation import orientation_problem

import numpy as np

from ..mutators.image_file import cut_short, damaged, odd_image
from ..outcomes import SilentFault

_MAX_PIXELS = 4_000_000


def image_reader(folder: Path) -> Callable[[random.Random], None]:
    """Read as training does; compare with the head of the file."""
    path = str(folder / 'image')

    def run(draw: random.Random) -> None:
        data, name = odd_image(draw)
        whole = data
        kind = draw.choice(['whole', 'cut', 'damaged', 'damaged'])
        if kind == 'cut':
            data = cut_short(data, draw)
        elif kind == 'damaged':
            data = damaged(data, draw)
        Path(path).write_bytes(data)
        pixels = read_image(path, max_pixels=_MAX_PIXELS)
        _check_pixels(pixels, path)
        # PNG has checksums, so that damage is always seen.
        if data != whole and (kind == 'cut' or name == 'PNG'):
            Path(path).write_bytes(whole)
            if not np.array_equal(pixels, read_image(path)):
                raise SilentFault(
                    f'{kind}: {len(data)} of {len(whole)} bytes of a {name} give '
                    'other pixels'
                )

    return run


def _check_pixels(pixels: np.ndarray, path: str) -> None:
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
        raise SilentFault(f'the pixels are {pixels.dtype} {pixels.shape}')
    if pixels.shape[:2] != image_size(path):
        raise SilentFault(
            f'{pixels.shape[:2]} are read, but image_size gives {image_size(path)}'
        )
    applied_orientation(path)
    orientation_problem(path, pixels.shape[:2])
    if pixels.shape[0] * pixels.shape[1] > _MAX_PIXELS:
        raise SilentFault(f'{pixels.shape} are more than the limit of pixels')


def image_flags(folder: Path) -> Callable[[random.Random], None]:
    """Read with all flags and decoders that a config can name."""
    path = folder / 'image'

    def run(draw: random.Random) -> None:
        data, _ = odd_image(draw)
        path.write_bytes(damaged(data, draw) if draw.random() < 0.6 else data)
        color = draw.choice(['color', 'grayscale', 'unchanged'])
        if color != 'unchanged' and draw.random() < 0.3:
            color += '_ignore_orientation'
        backend = draw.choice(['cv2', 'cv2', 'pillow'])
        reader = ImageReader(color, backend, max_pixels=_MAX_PIXELS)
        pixels = reader.read(str(path))
        reader.check(pixels)
        shown = as_rgb(reader.convert(pixels))
        if shown.dtype != np.uint8 or shown.shape != (*pixels.shape[:2], 3):
            raise SilentFault(f'{pixels.shape} are shown as {shown.shape}')

    return run


IMAGE_SURFACES = {
    'images, training': image_reader,
    'images, all flags': image_flags,
}
