"""A small COCO panoptic dataset to take apart and convert back."""

import json
from pathlib import Path

from epsnet_mm.datasets.synthetic.shapes import CATEGORIES, make_shapes
from epsnet_mm.datasets.validation.dataset_check import check_dataset
from epsnet_mm.structures.segment_ids import decode_segment_ids

import numpy as np
import pytest


class Source:
    """The validation split of a shapes dataset.

    Attributes:
        images: Folder of the images.
        content: The annotation file.
    """

    categories = CATEGORIES

    def __init__(self, root: Path) -> None:
        make_shapes(str(root), train=1, val=24, size=64)
        self.images = root / 'val'
        self.pngs = root / 'annotations/panoptic_val'
        self.content = json.loads((root / 'annotations/panoptic_val.json').read_text())

    def ids(self, annotation: dict) -> np.ndarray:
        path = self.pngs / annotation['file_name']
        return decode_segment_ids(path.read_bytes(), str(path))

    def category_map(self, annotation: dict, unlabelled: int = 0) -> np.ndarray:
        """(H, W) category of each pixel."""
        return as_categories(self.ids(annotation), annotation, unlabelled)


def as_categories(ids, annotation, unlabelled=0):
    """(H, W) category of each pixel from its segment id."""
    labels = np.full(ids.shape, unlabelled, np.uint8)
    for segment in annotation['segments_info']:
        labels[ids == segment['id']] = segment['category_id']
    return labels


@pytest.fixture(scope='session')
def source(tmp_path_factory) -> Source:
    return Source(tmp_path_factory.mktemp('data') / 'shapes')


@pytest.fixture
def read_back():
    """`read_back(ann_file, images)`: the annotations with their `ids`.

    The validator must find nothing in them.
    """

    def read(ann_file: Path, images: Path) -> list[dict]:
        pngs = ann_file.with_suffix('')
        report = check_dataset(str(ann_file), str(pngs), str(images))
        assert not report.problems
        assert not report.wrong_measures
        annotations = report.content['annotations']
        for annotation in annotations:
            path = pngs / annotation['file_name']
            annotation['ids'] = decode_segment_ids(path.read_bytes(), str(path))
        return annotations

    return read
