"""The one way in which a config's images are read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from epsnet_runtime.pixel_forms import as_bgr, check_form

import cv2
import numpy as np
from mmcv.transforms import LoadImageFromFile
from mmdet.registry import TRANSFORMS

from .image_file import MAX_PIXELS, read_image


@dataclass(frozen=True)
class ImageReader:
    """Reads images with the flags of a pipeline's `LoadImageFromFile`.

    Test, inference and pictures share it, so that a network gets in all of them what
    it was trained on.

    Args:
        color_type: See `read_image`.
        imdecode_backend: See `read_image`.
        backend_args: See `read_image`.
        max_pixels: See `read_image`.
    """

    color_type: str = 'color'
    imdecode_backend: str = 'cv2'
    backend_args: dict | None = None
    max_pixels: int | None = MAX_PIXELS

    @classmethod
    def of_pipeline(
        cls, pipeline: Iterable[dict | Callable], **options
    ) -> 'ImageReader':
        """The reader that does what a pipeline does.

        Args:
            pipeline: Transforms, or their configs. Without a `LoadImageFromFile` among
                them the reader has upstream's defaults.
            **options: Arguments that are to differ.
        """
        for transform in pipeline:
            if isinstance(transform, Mapping):
                kind = transform['type']
                kind = TRANSFORMS.get(kind) if isinstance(kind, str) else kind
                if not (isinstance(kind, type) and issubclass(kind, LoadImageFromFile)):
                    continue
                transform = TRANSFORMS.build(transform)
            if isinstance(transform, LoadImageFromFile):
                flags = dict(
                    color_type=transform.color_type,
                    imdecode_backend=transform.imdecode_backend,
                    backend_args=transform.backend_args,
                )
                return cls(**{**flags, **options})
        return cls(**options)

    def read(self, path: str) -> np.ndarray:
        """Decode a file, see `read_image`."""
        return read_image(
            path,
            self.color_type,
            self.imdecode_backend,
            self.backend_args,
            self.max_pixels,
        )

    def convert(self, array: np.ndarray) -> np.ndarray:
        """Bring pixels into the form that `read` gives.

        Args:
            array: As `as_bgr` takes; with `color_type='unchanged'` or the backend
                'tifffile' anything that is (H, W) or (H, W, C).

        Raises:
            ValueError: If it has another form. The message names the expected one.
        """
        if self.reads_any_form:
            if array.ndim not in (2, 3) or not array.size:
                raise ValueError(
                    f'An array of shape {array.shape} is no image: give (H, W) or '
                    '(H, W, C), as the files that the config reads.'
                )
            return array
        gray = self.color_type.startswith('grayscale')
        return as_gray(array) if gray else as_bgr(array)

    def check(self, array: np.ndarray) -> None:
        """Raise the error of `convert`, if there is one."""
        if self.reads_any_form:
            self.convert(array)
        else:
            check_form(array)

    @property
    def reads_any_form(self) -> bool:
        """Whether channels and value range are those of the file."""
        return self.color_type == 'unchanged' or self.imdecode_backend == 'tifffile'


def as_rgb(pixels: np.ndarray) -> np.ndarray:
    """Make what a reader gives presentable.

    Args:
        pixels: (H, W) or (H, W, C). Of more than four channels the first three are
            taken. Values beyond 255, or below 0, are scaled to the range of the image.

    Returns:
        (H, W, 3) uint8 RGB.
    """
    if pixels.ndim == 3 and pixels.shape[2] not in (1, 3, 4):
        pixels = pixels[..., :3] if pixels.shape[2] > 4 else pixels[..., :1]
    if pixels.dtype != np.uint8 and pixels.dtype != np.uint16:
        pixels = np.nan_to_num(pixels.astype(np.float32), posinf=0, neginf=0)
        low, high = pixels.min(), pixels.max()
        if low < 0 or high > 255:
            pixels = (pixels - low) / max(high - low, 1e-12)
    return as_bgr(pixels)[..., ::-1]


def as_gray(array: np.ndarray) -> np.ndarray:
    """Convert the pixels of an image, as `as_bgr`, to (H, W) uint8."""
    if array.ndim == 2 or array.shape[2] == 1:
        return as_bgr(array)[..., 0]
    return cv2.cvtColor(np.ascontiguousarray(as_bgr(array)), cv2.COLOR_BGR2GRAY)
