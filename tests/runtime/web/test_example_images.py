"""The example images."""

from epsnet_runtime.web.example_images import write_examples

import numpy as np
from PIL import Image


def test_they_are_always_the_same_and_all_differ(tmp_path):
    (tmp_path / 'again').mkdir()
    first = write_examples(tmp_path, 64)
    again = write_examples(tmp_path / 'again', 64)
    images = [np.asarray(Image.open(path)) for path in first]
    assert len(images) >= 4
    assert {image.shape for image in images} == {(64, 64, 3)}
    for image, path in zip(images, again, strict=True):
        assert (image == np.asarray(Image.open(path))).all()
    assert len({image.tobytes() for image in images}) == len(images)
