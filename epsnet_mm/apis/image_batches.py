"""Reads images and makes batches of them."""

import logging
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from mmengine.logging import print_log

from .input_images import InputImage


class ImageBatches:
    """Batches of images, whose number is known before any is read.

    An unreadable image is reported and left out. So a batch may be smaller than
    asked for, or empty.

    Args:
        images: The images.
        batch_size: Images per batch.
        pipeline: Makes the `inputs` and `data_samples` of an image from `img`, its
            (H, W, 3) uint8 BGR pixels.
        collate_fn: Makes the input of `model.test_step` from those of several
            images.

    Attributes:
        failures: One sentence per image that could not be read.

    Raises:
        ValueError: If the batch size is below 1.
    """

    def __init__(
        self,
        images: Sequence[InputImage],
        batch_size: int,
        pipeline: Callable[[dict], dict],
        collate_fn: Callable[[Sequence[dict]], dict],
    ) -> None:
        if batch_size < 1:
            raise ValueError(f'batch_size is {batch_size}; set it to 1 or more.')
        self.images = images
        self.batch_size = batch_size
        self.pipeline = pipeline
        self.collate_fn = collate_fn
        self.failures: list[str] = []

    def __len__(self) -> int:
        return -(-len(self.images) // self.batch_size)

    def __iter__(self) -> Iterator[tuple[list[np.ndarray], dict]]:
        """Yield the pixels of each image, and the collated input of the model.

        The data samples tell in their metainfo where they come from: `img_path`,
        `img_id` and `output_name`.
        """
        for start in range(0, len(self.images), self.batch_size):
            pixels, packed = [], []
            for image in self.images[start : start + self.batch_size]:
                try:
                    pixels.append(image.read())
                except ValueError as error:
                    self.failures.append(str(error))
                    print_log(str(error), logger='current', level=logging.WARNING)
                else:
                    packed.append(self._pack(image, pixels[-1]))
            yield pixels, self.collate_fn(packed) if packed else {}

    def _pack(self, image: InputImage, pixels: np.ndarray) -> dict:
        packed = self.pipeline(dict(image.prompts, img=pixels))
        path = image.source if isinstance(image.source, str) else image.file_name
        packed['data_samples'].set_metainfo(
            dict(img_path=path, img_id=image.image_id, output_name=image.stem)
        )
        return packed
