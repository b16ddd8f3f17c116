from epsnet_runtime.sources.source_image import SourceImage
from epsnet_runtime.streams.batches import of_one_size, read_batches

import numpy as np
import pytest


def images(count):
    return [SourceImage(f'{n}.png', f'{n}.png', str(n), n) for n in range(count)]


def read(image):
    if image.image_id == 2:
        raise ValueError('Cannot read 2')
    return np.zeros((1, 1 + image.image_id // 4))


def ids(batches):
    return [[image.image_id for image, _ in batch] for batch in batches]


def test_what_fails_is_left_out():
    failures = []
    batches = ids(read_batches(images(8), read, 3, failures))
    assert batches == [[0, 1, 3], [4, 5, 6], [7]]
    assert failures == ['Cannot read 2']


def test_a_new_batch_where_the_size_changes():
    batches = ids(read_batches(images(8), read, 3, [], of_one_size))
    assert batches == [[0, 1, 3], [4, 5, 6], [7]]
    batches = ids(read_batches(images(8), read, 5, [], of_one_size))
    assert batches == [[0, 1, 3], [4, 5, 6, 7]]


def test_other_errors_end_the_stream():
    def fail(image):
        raise MemoryError('full')

    with pytest.raises(MemoryError, match='full'):
        list(read_batches(images(2), fail, 1, []))


def test_batch_size():
    with pytest.raises(ValueError, match='batch_size is 0; set it to 1'):
        next(read_batches([], read, 0, []))
