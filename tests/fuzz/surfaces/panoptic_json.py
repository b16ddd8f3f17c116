"""Annotation files of panoptic datasets."""

import random
from collections.abc import Callable
from pathlib import Path

from tests.tiny_panoptic import tiny_content, write_tiny_files

from ..mutators.json_content import mutate_json
from . import panoptic_readers


def panoptic_json(read: Callable[[Path], None]) -> Callable:
    """The surface of one reader, of `panoptic_readers`."""

    def prepare(folder: Path) -> Callable[[random.Random], None]:
        content = tiny_content()
        write_tiny_files(folder, content)

        def run(draw: random.Random) -> None:
            (folder / 'damaged.json').write_bytes(mutate_json(content, draw))
            read(folder)

        return run

    return prepare


JSON_SURFACES = {
    'panoptic JSON, training': panoptic_json(panoptic_readers.read_as_training),
    'panoptic JSON, test': panoptic_json(panoptic_readers.read_as_test),
    'panoptic JSON, checker': panoptic_json(panoptic_readers.read_as_checker),
    'panoptic JSON, metric': panoptic_json(panoptic_readers.read_as_metric),
}
