"""A panoptic dataset of two 6 x 4 images whose file mixes things and stuff."""

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

CATEGORIES = [
    dict(id=7, name='grass', isthing=0, color=[1, 2, 3]),
    dict(id=3, name='car', isthing=1, color=[4, 5, 6]),
    dict(id=5, name='sky', isthing=0, color=[7, 8, 9]),
    dict(id=9, name='person', isthing=1, color=[10, 11, 12]),
]
# Rows of the first image; 300 and 70000 need the second and third byte.
FIRST_IDS = np.array(
    [
        [20, 20, 20, 20, 0, 0],
        [20, 300, 300, 20, 70000, 70000],
        [20, 300, 300, 20, 70000, 70000],
        [10, 10, 10, 10, 10, 10],
    ]
)
SECOND_IDS = np.full((4, 6), 20)


def write_ids(path: Path, ids: np.ndarray) -> None:
    bgr = np.stack([ids >> 16, ids >> 8 & 255, ids & 255], axis=-1)
    cv2.imwrite(str(path), bgr.astype(np.uint8))


def segment(
    segment_id: int, category_id: int, bbox: list, area: int, iscrowd: int = 0
) -> dict:
    return dict(
        id=segment_id, category_id=category_id, bbox=bbox, area=area, iscrowd=iscrowd
    )


def tiny_content() -> dict:
    """The annotations."""
    return dict(
        categories=[dict(category) for category in CATEGORIES],
        images=[
            dict(id=1, file_name='a.jpeg', width=6, height=4),
            dict(id=2, file_name='b.jpeg', width=6, height=4),
        ],
        annotations=[
            dict(
                image_id=1,
                file_name='a_panoptic.png',
                segments_info=[
                    segment(20, 5, [0, 0, 4, 3], 8),
                    segment(300, 3, [1, 1, 2, 2], 4),
                    segment(70000, 9, [4, 1, 2, 2], 4, iscrowd=1),
                    segment(10, 7, [0, 3, 6, 1], 6),
                ],
            ),
            dict(
                image_id=2,
                file_name='b_panoptic.png',
                segments_info=[segment(20, 7, [0, 0, 6, 4], 24)],
            ),
        ],
    )


def write_tiny_files(folder: Path, annotations: dict) -> None:
    """Write annotations, images and PNGs."""
    for name in ('img', 'seg'):
        (folder / name).mkdir()
    for name in 'ab':
        cv2.imwrite(str(folder / f'img/{name}.jpeg'), np.zeros((4, 6, 3), np.uint8))
    write_ids(folder / 'seg/a_panoptic.png', FIRST_IDS)
    write_ids(folder / 'seg/b_panoptic.png', SECOND_IDS)
    (folder / 'panoptic.json').write_text(json.dumps(annotations))


@pytest.fixture
def content() -> dict:
    """The annotations; change them before writing."""
    return tiny_content()


@pytest.fixture
def write_files(tmp_path: Path) -> Callable[[dict], Path]:
    """Writes annotations, images and PNGs; returns their folder."""

    def write(annotations: dict) -> Path:
        write_tiny_files(tmp_path, annotations)
        return tmp_path

    return write
