"""Semantic masks to COCO panoptic, one object per connected component."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from ...progress import show_progress
from ...structures.panoptic_writer import PanopticWriter
from ..image_file import image_size
from .label_map import list_images, read_classes, read_label_map


def convert_semantic(
    image_dir: str,
    mask_dir: str,
    classes_file: str,
    ann_file: str,
    mask_suffix: str = '.png',
    ignored: Sequence[int] = (0, 255),
    min_area: int = 1,
) -> PanopticWriter:
    """Convert a folder of images and one of masks.

    Args:
        image_dir: Images, also in folders inside it.
        mask_dir: The mask of `a/x.jpg` is `a/x` + `mask_suffix`.
        classes_file: See `read_classes`; an `id` is a mask's value.
        ann_file: JSON to write; the PNGs' folder is named after it.
        mask_suffix: End of the masks' names.
        ignored: See `read_label_map`.
        min_area: Components of things below this area, in pixels, become
            unlabelled.

    Returns:
        The writer, which tells what was written.

    Raises:
        FileNotFoundError: If there is no class list or no image.
        FileExistsError: If the output exists already.
        ValueError: If a file can't be read or has an unknown value, or sizes
            differ.
    """
    categories = read_classes(classes_file)
    names = list_images(image_dir)
    with PanopticWriter(ann_file, categories) as writer:
        for number, name in enumerate(show_progress(names, 'Converting'), 1):
            mask = Path(mask_dir, Path(name).with_suffix(''))
            labels = read_label_map(f'{mask}{mask_suffix}', categories, ignored)
            height, width = image_size(str(Path(image_dir, name)))
            image = dict(id=number, file_name=name, height=height, width=width)
            writer.add(image, *split_segments(labels, categories, min_area))
    return writer


def split_segments(
    labels: np.ndarray, categories: Sequence[dict], min_area: int
) -> tuple[np.ndarray, list[dict]]:
    """Give each stuff class one segment, and things one per connected component.

    Args:
        labels: (H, W) category ids; others are unlabelled.
        categories: The classes.
        min_area: See `convert_semantic`.

    Returns:
        (H, W) int32 segment ids from 1, 0 is unlabelled, and `id`, `category_id`
        and `iscrowd` of each segment. Pixels that touch at a corner belong
        together.
    """
    ids = np.zeros(labels.shape, dtype=np.int32)
    segments = []
    present = set(np.unique(labels).tolist())
    for category in categories:
        if category['id'] not in present:
            continue
        mask = labels == category['id']
        parts, kept = mask.astype(np.int32), [1]
        if category['isthing']:
            _, parts, stats, _ = cv2.connectedComponentsWithStats(
                mask.astype(np.uint8), connectivity=8
            )
            large = stats[1:, cv2.CC_STAT_AREA] >= min_area
            kept = np.flatnonzero(large) + 1
        numbers = np.zeros(parts.max() + 1, dtype=np.int32)
        for part in kept:
            segments.append(
                dict(id=len(segments) + 1, category_id=category['id'], iscrowd=0)
            )
            numbers[part] = len(segments)
        ids[mask] = numbers[parts[mask]]
    return ids, segments
