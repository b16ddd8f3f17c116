"""Segmentation PNGs of panoptic datasets."""

import json
import random
from collections.abc import Callable
from pathlib import Path

from epsnet_mm.structures.segment_ids import decode_segment_ids
from tests.tiny_panoptic import FIRST_IDS, tiny_content, write_tiny_files

import numpy as np

from ..mutators.segmentation_png import mutate_png
from ..outcomes import SilentFault
from . import panoptic_readers


def decoded_png(folder: Path) -> Callable[[random.Random], None]:
    """Decoding alone: damaged bytes never give other ids."""
    ids = np.arange(40 * 30).reshape(40, 30) * 797 % 256**3

    def run(draw: random.Random) -> None:
        data, same = mutate_png(ids, draw)
        decoded = decode_segment_ids(data, 'a.png')
        if same and not np.array_equal(decoded, ids):
            raise SilentFault('a damaged PNG is decoded to other ids')

    return run


def png_of(read: Callable[[Path], None]) -> Callable:
    """A reader of `panoptic_readers` that meets a PNG."""

    def prepare(folder: Path) -> Callable[[random.Random], None]:
        content = tiny_content()
        write_tiny_files(folder, content)
        (folder / 'damaged.json').write_text(json.dumps(content))

        def run(draw: random.Random) -> None:
            data, _ = mutate_png(FIRST_IDS, draw)
            (folder / 'seg/a_panoptic.png').write_bytes(data)
            read(folder)

        return run

    return prepare


PNG_SURFACES = {
    'panoptic PNG, decoder': decoded_png,
    'panoptic PNG, training': png_of(panoptic_readers.read_as_training),
    'panoptic PNG, checker': png_of(panoptic_readers.read_as_checker),
    'panoptic PNG, metric': png_of(panoptic_readers.read_as_metric),
}
