"""COCO instances and stuff maps to COCO panoptic."""

from collections.abc import Sequence
from pathlib import Path

from epsnet_runtime.coco.panoptic_writer import PanopticWriter

import numpy as np
from pycocotools import mask as coco_mask

from ...progress import show_progress
from ..image_file import image_size
from .class_list import read_classes
from .coco_instances import Instance, read_instances
from .conversion_report import ConversionReport, InvalidItemError
from .label_map import ENOUGH_MASKS, UNLABELLED, LabelMapReader
from .mask_orientation import match_orientation
from .mask_pairs import MaskPairs
from .segmentation import encode_segmentation


def convert_coco(
    instances_file: str,
    stuff_dir: str | None,
    stuff_classes_file: str | None,
    ann_file: str,
    mask_suffix: str = '.png',
    ignored: Sequence[int] = (),
    *,
    image_dir: str | None = None,
    mask_orientation: str | None = None,
    used_only: bool = False,
    skip_invalid: bool = False,
) -> ConversionReport:
    """Merge COCO instances with stuff masks.

    Args:
        instances_file: COCO instances JSON; its categories are the things.
        stuff_dir: Masks of stuff, named after the images; None if there is no stuff.
        stuff_classes_file: See `read_classes`; None if there is no stuff.
        ann_file: JSON to write; the PNGs' folder is named after it.
        mask_suffix: End of the masks' names.
        ignored: See `LabelMapReader`.
        image_dir: The images, to compare their sizes and EXIF orientations with the
            masks; None for no such check.
        mask_orientation: See `match_orientation`, for polygons and masks alike.
        used_only: Leave out categories without a segment.
        skip_invalid: Leave out invalid images and objects instead of stopping.

    Returns:
        Counts of what was written and left out.

    Raises:
        FileNotFoundError: If a JSON file is missing.
        FileExistsError: If the output exists already.
        ValueError: If a file isn't of its format or disagrees with another.
    """
    report = ConversionReport()
    stuff = _read_stuff_classes(stuff_classes_file, instances_file)
    source = read_instances(instances_file, report, skip_invalid)
    reader = LabelMapReader(stuff, ignored)
    masks = None
    if stuff_dir is not None:
        names = [image['file_name'] for image in source.images]
        masks = MaskPairs(names, stuff_dir, mask_suffix, skip_invalid, report)
    with PanopticWriter(ann_file, source.categories + stuff) as writer:
        images = show_progress(source.images, 'Converting')
        for image, instances in zip(images, source.instances, strict=True):
            name = image['file_name']
            try:
                labels = _read_labels(image, masks, reader)
                ids, segments, lost = merge_segments(labels, instances)
                if image_dir is not None:
                    path = str(Path(image_dir, name))
                    ids = match_orientation(ids, path, mask_orientation)
                    image = _resized(image, ids, path)
                writer.add(image, ids, segments)
            except ValueError as error:
                if not skip_invalid:
                    raise ValueError(
                        f'{instances_file}, image {name}: {error}'
                    ) from None
                has_mask = masks is not None and name in masks
                report.leave_out_image(name, error, len(instances), has_mask)
                continue
            _count(report, name, labels, lost)
            reader.check_values(ENOUGH_MASKS)
        reader.check_values()
        report.finish(writer, used_only)
    return report


def _read_stuff_classes(path: str | None, instances_file: str) -> list[dict]:
    stuff = read_classes(path) if path is not None else []
    for category in stuff:
        if category['isthing']:
            raise ValueError(
                f'{path}: {category["name"]} is a thing; things '
                f'are the categories of {instances_file}, remove it.'
            )
    return stuff


def _read_labels(
    image: dict, masks: MaskPairs | None, reader: LabelMapReader
) -> np.ndarray:
    """(H, W) ids of stuff categories or UNLABELLED, for one image."""
    size = image['height'], image['width']
    if masks is None:
        return np.full(size, UNLABELLED)
    path = masks.path(image['file_name'])
    labels = reader.read(path)
    if labels.shape != size:
        raise InvalidItemError(
            'with a mask of another size',
            f'the mask {path} is {labels.shape[1]} x {labels.shape[0]} pixels, the '
            f'image {size[1]} x {size[0]}: they must have the same size.',
        )
    return labels


def _resized(image: dict, ids: np.ndarray, path: str) -> dict:
    """The entry of an image, with the size of its map and of its file."""
    height, width = image_size(path)
    if ids.shape != (height, width):
        raise InvalidItemError(
            'with a file of another size',
            f'{path} is {width} x {height} pixels, but the annotation file says '
            f'{image["width"]} x {image["height"]}: correct one of them.',
        )
    return dict(image, height=height, width=width)


def _count(
    report: ConversionReport, name: str, labels: np.ndarray, lost: Sequence[tuple]
) -> None:
    """Count an image's regions of stuff, and segments that aren't visible."""
    report.stuff.num_read += np.count_nonzero(np.unique(labels) != UNLABELLED)
    for reason, instance in lost:
        if instance is None:
            report.stuff.leave_out(reason, name)
        else:
            report.objects.leave_out(reason, f'{instance.name} of {name}')


def merge_segments(
    labels: np.ndarray, instances: Sequence[Instance]
) -> tuple[np.ndarray, list[dict], list[tuple[str, Instance | None]]]:
    """Put objects over stuff.

    Crowds come first, then objects from large to small; each covers what is below
    it. So pixels that COCO's instances share go to the smaller one, which would
    otherwise often vanish.

    Args:
        labels: (H, W) ids of stuff categories or UNLABELLED.
        instances: The objects.

    Returns:
        (H, W) int32 segment ids from 1, 0 is unlabelled; `id`, `category_id` and
        `iscrowd` of each visible segment; and why others are lost: a reason and the
        object, or None for stuff.
    """
    ids = np.zeros(labels.shape, dtype=np.int32)
    painted: list[tuple[dict, Instance | None]] = []

    def paint(mask: np.ndarray, instance: Instance | None, **segment: int) -> None:
        painted.append((dict(id=len(painted) + 1, **segment), instance))
        ids[mask] = len(painted)

    for category_id in np.unique(labels).tolist():
        if category_id != UNLABELLED:
            paint(labels == category_id, None, category_id=category_id, iscrowd=0)
    ordered, empty = _painting_order(instances, labels.shape)
    for rle, instance in ordered:
        paint(
            coco_mask.decode(rle).astype(bool),
            instance,
            category_id=instance.category_id,
            iscrowd=instance.iscrowd,
        )
    visible = set(np.unique(ids).tolist())
    lost = [('without a pixel inside of the image', instance) for instance in empty]
    lost += [
        ('covered by objects', instance)
        for segment, instance in painted
        if segment['id'] not in visible
    ]
    return ids, [x for x, _ in painted if x['id'] in visible], lost


def _painting_order(
    instances: Sequence[Instance], size: tuple[int, int]
) -> tuple[list[tuple[dict, Instance]], list[Instance]]:
    """Objects with their RLE from bottom to top, and objects without a pixel.

    They stay encoded until they are painted: a thousand masks may not fit the memory.
    """
    encoded, empty = [], []
    for instance in instances:
        rle = encode_segmentation(instance.segmentation, *size)
        area = int(coco_mask.area(rle))
        if area:
            encoded.append((-instance.iscrowd, -area, rle, instance))
        else:
            empty.append(instance)
    encoded.sort(key=lambda entry: entry[:2])
    return [entry[2:] for entry in encoded], empty
