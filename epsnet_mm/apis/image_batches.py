"""Reads images and makes batches of them."""

import logging
from collections.abc import Callable, Iterator, Sequence

from epsnet_runtime.sources.source_image import SourceImage

import cv2
import numpy as np
from mmengine.logging import print_log

from ..datasets.image_reader import ImageReader
from ..progress import show_progress
from .input_images import InputImage


class ImageBatches:
    """Batches of images, whose number is known before any is read.

    An image that fails is reported and left out. So a batch may be smaller than
    asked for, or empty.

    Args:
        images: The images.
        batch_size: Images per batch.
        pipeline: Makes the `inputs` and `data_samples` of an image from `img`, its
            pixels.
        collate_fn: Makes the input of `model.test_step` from those of several
            images.
        reader: Reads the pixels.
        progress: Show a progress bar.

    Attributes:
        failures: One sentence per image that failed.

    Raises:
        ValueError: If the batch size is below 1.
    """

    def __init__(
        self,
        images: Sequence[InputImage],
        batch_size: int,
        pipeline: Callable[[dict], dict],
        collate_fn: Callable[[Sequence[dict]], dict],
        reader: ImageReader,
        progress: bool = False,
    ) -> None:
        if batch_size < 1:
            raise ValueError(f'batch_size is {batch_size}; set it to 1 or more.')
        self.images = images
        self.batch_size = batch_size
        self.pipeline = pipeline
        self.collate_fn = collate_fn
        self.reader = reader
        self.progress = progress
        self.failures: list[str] = []

    def __len__(self) -> int:
        return -(-len(self.images) // self.batch_size)

    def __iter__(self) -> Iterator[tuple[list[np.ndarray], dict]]:
        """Yield the pixels of each image, and the collated input of the model.

        The data samples tell in their metainfo where they come from: `img_path`,
        `img_id`, `file_name` and `output_name`.
        """
        starts = range(0, len(self.images), self.batch_size)
        for start in show_progress(starts, 'Inference', disable=not self.progress):
            pixels, packed = [], []
            for image in self.images[start : start + self.batch_size]:
                try:
                    found = image.read(self.reader)
                    packed.append(
                        pack_image(self.pipeline, image, found, image.prompts)
                    )
                    pixels.append(found)
                except ValueError as error:
                    report(self.failures, str(error))
            yield pixels, self.collate_fn(packed) if packed else {}


def pack_image(
    pipeline: Callable[[dict], dict],
    image: SourceImage,
    pixels: np.ndarray,
    prompts: dict | None = None,
) -> dict:
    """Make the model's input of an image.

    Args:
        pipeline: Makes `inputs` and `data_samples` from `img`.
        image: Its names go to the metainfo of the data sample.
        pixels: As a reader gives.
        prompts: More keys for the pipeline.

    Raises:
        ValueError: If the pipeline can't work on it.
    """
    try:
        packed = pipeline(dict(prompts or {}, img=pixels))
    # Such as a side that becomes 0 when the image is made smaller.
    except (cv2.error, MemoryError) as error:
        raise ValueError(f'Cannot prepare image {image.file_name}: {error}') from error
    packed['data_samples'].set_metainfo(
        dict(
            img_path=image.path or image.file_name,
            img_id=image.image_id,
            file_name=image.file_name,
            output_name=image.stem,
        )
    )
    return packed


def report(failures: list[str], failure: str) -> None:
    """Note that an image has failed, so that the others go on."""
    failures.append(failure)
    print_log(failure, logger='current', level=logging.WARNING)
