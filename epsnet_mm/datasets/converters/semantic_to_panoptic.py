"""Semantic masks to COCO panoptic, one object per connected component."""

from collections.abc import Sequence
from pathlib import Path

from epsnet_runtime.coco.panoptic_writer import PanopticWriter

import cv2
import numpy as np

from ...progress import show_progress
from ..image_file import image_size
from .class_list import read_classes
from .conversion_report import ConversionReport
from .label_map import ENOUGH_MASKS, LabelMapReader
from .mask_orientation import match_orientation
from .mask_pairs import MaskPairs, list_images


def convert_semantic(
    image_dir: str,
    mask_dir: str,
    classes_file: str,
    ann_file: str,
    mask_suffix: str = '.png',
    ignored: Sequence[int] = (),
    min_area: int = 1,
    *,
    mask_orientation: str | None = None,
    skip_invalid: bool = False,
) -> ConversionReport:
    """Convert a folder of images and one of masks.

    Args:
        image_dir: Images, also in folders inside it.
        mask_dir: The mask of `a/x.jpg` is `a/x` + `mask_suffix`.
        classes_file: See `read_classes`; an `id` is a mask's value.
        ann_file: JSON to write; the PNGs' folder is named after it.
        mask_suffix: End of the masks' names.
        ignored: See `LabelMapReader`.
        min_area: Components of things below this area, in pixels, become
            unlabelled.
        mask_orientation: See `match_orientation`.
        skip_invalid: Leave out images that can't be converted instead of stopping.

    Returns:
        Counts of what was written and left out.

    Raises:
        FileNotFoundError: If there is no class list or no image.
        FileExistsError: If the output exists already.
        ValueError: If a file can't be read or has an unknown value, or sizes
            differ; if the masks are binary, see `LabelMapReader`.
    """
    report = ConversionReport()
    categories = read_classes(classes_file)
    things = {category['id'] for category in categories if category['isthing']}
    names = list_images(image_dir)
    report.images.num_read = len(names)
    masks = MaskPairs(names, mask_dir, mask_suffix, skip_invalid, report)
    reader = LabelMapReader(categories, ignored)
    with PanopticWriter(ann_file, categories) as writer:
        for number, name in enumerate(show_progress(names, 'Converting'), 1):
            path = str(Path(image_dir, name))
            try:
                labels = reader.read(masks.path(name))
                labels = match_orientation(labels, path, mask_orientation)
                height, width = image_size(path)
                ids, segments, num_small = split_segments(labels, categories, min_area)
                image = dict(id=number, file_name=name, height=height, width=width)
                writer.add(image, ids, segments)
            except ValueError as error:
                if not skip_invalid:
                    raise
                report.leave_out_image(name, error, has_mask=name in masks)
                continue
            num_things = sum(segment['category_id'] in things for segment in segments)
            report.objects.num_read += num_things + num_small
            report.stuff.num_read += len(segments) - num_things
            reason = f'below --min-area {min_area}'
            report.objects.leave_out(reason, f'in {name}', num_small)
            reader.check_values(ENOUGH_MASKS)
        reader.check_values()
        report.finish(writer)
    return report


def split_segments(
    labels: np.ndarray, categories: Sequence[dict], min_area: int
) -> tuple[np.ndarray, list[dict], int]:
    """Give each stuff class one segment, and things one per connected component.

    Args:
        labels: (H, W) category ids; others are unlabelled.
        categories: The classes.
        min_area: See `convert_semantic`.

    Returns:
        (H, W) int32 segment ids from 1, 0 is unlabelled; `id`, `category_id` and
        `iscrowd` of each segment; and the number of components of things that are
        too small. Pixels that touch at a corner belong together.
    """
    ids = np.zeros(labels.shape, dtype=np.int32)
    segments = []
    num_small = 0
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
            num_small += np.count_nonzero(~large)
        numbers = np.zeros(parts.max() + 1, dtype=np.int32)
        for part in kept:
            segments.append(
                dict(id=len(segments) + 1, category_id=category['id'], iscrowd=0)
            )
            numbers[part] = len(segments)
        ids[mask] = numbers[parts[mask]]
    return ids, segments, num_small
