"""Batches of images, read ahead of the network."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import numpy as np

from ..sources.source_image import SourceImage
from .prefetch import prefetch

Read = TypeVar('Read')
Batch = list[tuple[SourceImage, Read]]


def read_batches(
    images: Iterable[SourceImage],
    read: Callable[[SourceImage], Read],
    batch_size: int,
    failures: list[str],
    fit: Callable[[Read, Read], bool] = lambda one, other: True,
) -> Iterator[Batch]:
    """Read images in a thread, and yield batches of them in order.

    Args:
        images: What to read.
        read: Reads an image. A ValueError leaves that image out.
        batch_size: Images per batch; the last one may be smaller.
        failures: Gets a sentence for each image that is left out.
        fit: Whether two images can share a batch.

    Raises:
        ValueError: If the batch size is below 1.
    """
    if batch_size < 1:
        raise ValueError(f'batch_size is {batch_size}; set it to 1 or more.')

    def read_all() -> Iterator[tuple[SourceImage, Read | ValueError]]:
        for image in images:
            try:
                yield image, read(image)
            except ValueError as error:
                yield image, error

    batch: Batch = []
    for image, content in prefetch(read_all(), 2 * batch_size):
        if isinstance(content, ValueError):
            failures.append(str(content))
            continue
        if batch and not fit(batch[0][1], content):
            yield batch
            batch = []
        batch.append((image, content))
        if len(batch) == batch_size:
            yield batch
            batch = []
    if batch:
        yield batch


def of_one_size(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two images have the same shape."""
    return one.shape == other.shape
