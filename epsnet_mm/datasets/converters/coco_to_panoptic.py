"""COCO instances and stuff maps to COCO panoptic."""

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pycocotools import mask as coco_mask

from ...progress import show_progress
from ...structures.panoptic_writer import PanopticWriter
from .label_map import UNLABELLED, read_classes, read_label_map


def convert_coco(
    instances_file: str,
    stuff_dir: str,
    stuff_classes_file: str,
    ann_file: str,
    mask_suffix: str = '.png',
    ignored: Sequence[int] = (0, 255),
) -> PanopticWriter:
    """Merge COCO instances with stuff masks.

    Args:
        instances_file: COCO instances JSON; its categories are the things.
        stuff_dir: Masks of stuff, named after the images.
        stuff_classes_file: See `read_classes`.
        ann_file: JSON to write; the PNGs' folder is named after it.
        mask_suffix: End of the masks' names.
        ignored: See `read_label_map`.

    Returns:
        The writer, which tells what was written.

    Raises:
        FileNotFoundError: If a JSON file is missing.
        FileExistsError: If the output exists already.
        ValueError: If a file isn't of its format or disagrees with another.
    """
    content = _read_instances(instances_file)
    things = [dict(category, isthing=1) for category in content['categories']]
    stuff = read_classes(stuff_classes_file)
    for category in stuff:
        if category['isthing']:
            raise ValueError(
                f'{stuff_classes_file}: {category["name"]} is a thing; things '
                f'are the categories of {instances_file}, remove it.'
            )
    objects = _objects_by_image(content, instances_file)
    with PanopticWriter(ann_file, things + stuff) as writer:
        for image in show_progress(content['images'], 'Converting'):
            mask = Path(stuff_dir, Path(image['file_name']).with_suffix(''))
            labels = read_label_map(f'{mask}{mask_suffix}', stuff, ignored)
            try:
                ids, segments = merge_segments(labels, objects[image['id']])
            except ValueError as error:
                raise ValueError(
                    f'{instances_file}, image {image["file_name"]}: {error}'
                ) from None
            kept = ('id', 'file_name', 'height', 'width')
            writer.add({key: image[key] for key in kept}, ids, segments)
    return writer


def _read_instances(path: str) -> dict:
    if not Path(path).is_file():
        raise FileNotFoundError(f'The annotation file {path} does not exist.')
    try:
        content = json.loads(Path(path).read_text(encoding='utf-8'))
    except ValueError as error:
        raise ValueError(f'{path} is not valid JSON ({error}).') from None
    for key in ('images', 'annotations', 'categories'):
        if not isinstance(content, dict) or key not in content:
            raise ValueError(
                f'{path} lacks `{key}`: it must be a COCO '
                'instances file, like instances_train2017.json.'
            )
    for image in content['images']:
        if not {'id', 'file_name', 'height', 'width'} <= image.keys():
            raise ValueError(
                f'{path}: the image {image} lacks `id`, '
                '`file_name`, `height` or `width`; add it.'
            )
    return content


def _objects_by_image(content: dict, path: str) -> dict[int, list[dict]]:
    known = {category['id'] for category in content['categories']}
    objects = defaultdict(list)
    for annotation in content['annotations']:
        absent = {'image_id', 'category_id', 'segmentation'} - annotation.keys()
        if absent or annotation['category_id'] not in known:
            raise ValueError(
                f'{path}: the annotation {annotation.get("id")} lacks '
                f'{", ".join(sorted(absent)) or "a known `category_id`"}; '
                'correct or remove it.'
            )
        objects[annotation['image_id']].append(annotation)
    return objects


def merge_segments(
    labels: np.ndarray, objects: Sequence[dict]
) -> tuple[np.ndarray, list[dict]]:
    """Put objects over stuff.

    Crowds come first, then objects from large to small; each covers what is below
    it. So pixels that COCO's instances share go to the smaller one, which would
    otherwise often vanish.

    Args:
        labels: (H, W) ids of stuff categories or UNLABELLED.
        objects: COCO instances with `category_id`, `segmentation` (polygons or
            RLE) and `iscrowd`.

    Returns:
        (H, W) int32 segment ids from 1, 0 is unlabelled, and `id`, `category_id`
        and `iscrowd` of each segment, hidden ones included.

    Raises:
        ValueError: If a segmentation can't be decoded.
    """
    ids = np.zeros(labels.shape, dtype=np.int32)
    segments: list[dict] = []

    def paint(mask: np.ndarray, category_id: int, iscrowd: int) -> None:
        segments.append(
            dict(id=len(segments) + 1, category_id=category_id, iscrowd=iscrowd)
        )
        ids[mask] = len(segments)

    for category_id in np.unique(labels).tolist():
        if category_id != UNLABELLED:
            paint(labels == category_id, category_id, 0)
    masks = [
        (
            _decode(target, labels.shape),
            target['category_id'],
            int(target.get('iscrowd', 0)),
        )
        for target in objects
    ]
    for mask in sorted(masks, key=lambda x: (-x[2], -np.count_nonzero(x[0]))):
        paint(*mask)
    return ids, segments


def _decode(target: dict, size: tuple[int, int]) -> np.ndarray:
    """(H, W) bool of polygons, an RLE or an uncompressed RLE."""
    segmentation = target['segmentation']
    try:
        if isinstance(segmentation, dict):
            if tuple(segmentation['size']) != tuple(size):
                raise ValueError('its size differs from the image')
            if isinstance(segmentation['counts'], list):
                segmentation = coco_mask.frPyObjects(segmentation, *size)
            return coco_mask.decode(segmentation).astype(bool)
        parts = coco_mask.frPyObjects(segmentation, *size)
        return coco_mask.decode(coco_mask.merge(parts)).astype(bool)
    except Exception as error:  # pycocotools raises errors of many types
        raise ValueError(
            f'the segmentation of the annotation '
            f'{target.get("id")} cannot be decoded ({error}); '
            'correct or remove it.'
        ) from None
