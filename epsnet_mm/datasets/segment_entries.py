"""Converts the rows of `segments_info`, and checks them at start-up."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..structures.segment_ids import NUM_IDS


@dataclass
class SegmentEntries:
    """The segments of one image, as MMDetection's pipelines want them.

    Attributes:
        segments_info: For each usable segment its `id`, `category` (label),
            `is_thing` and `is_crowd`.
        instances: For each of them that is a thing or a crowd, in the same order,
            its `bbox` (x1, y1, x2, y2 in pixels), `bbox_label` and `ignore_flag`
            (1 for crowds).
        unusable_ids: Ids of the segments without area or with a box under one
            pixel. Loaders make their pixels unlabelled.
    """

    segments_info: list[dict] = field(default_factory=list)
    instances: list[dict] = field(default_factory=list)
    unusable_ids: list[int] = field(default_factory=list)


def parse_segments(
    segments: Iterable[dict], cat2label: Mapping[int, int], num_things: int, where: str
) -> SegmentEntries:
    """Convert the rows of one image.

    A row that a loader could not use later is an error here, so that it cannot
    stop a job in the middle.

    Args:
        segments: The rows, from the annotation file.
        cat2label: Label of each category id, things first.
        num_things: Number of thing classes.
        where: Names the file and the image, for the messages.

    Raises:
        ValueError: A row lacks a key, a value has the wrong type or range, or two
            rows have the same id.
    """
    entries, seen = SegmentEntries(), set()
    for segment in segments:
        try:
            segment_id, label, crowd, box, usable = _read_row(segment, cat2label)
        except KeyError as error:
            raise ValueError(
                f'{where}: the segment {segment} has no `bbox`, `area`, `id` or known '
                f'`category_id` ({error} not found); correct it.'
            ) from None
        except (TypeError, ValueError) as error:
            raise ValueError(
                f'{where}: the segment {segment} cannot be used ({error}); correct it.'
            ) from None
        if segment_id in seen:
            raise ValueError(
                f'{where}: several segments have the id {segment_id}; make it unique.'
            )
        seen.add(segment_id)
        if not usable:
            entries.unusable_ids.append(segment_id)
            continue
        in_things = label < num_things
        is_crowd = in_things and crowd
        entries.segments_info.append(
            dict(
                id=segment_id,
                category=label,
                is_thing=in_things and not is_crowd,
                is_crowd=is_crowd,
            )
        )
        if in_things:
            entries.instances.append(
                dict(bbox=box, bbox_label=label, ignore_flag=int(is_crowd))
            )
    return entries


def has_things(info: dict) -> bool:
    """Whether an image has an object of its own, not only crowds and stuff.

    Args:
        info: With `instances`, see `SegmentEntries`.
    """
    return any(not instance['ignore_flag'] for instance in info['instances'])


def unusable_warning(ann_file: str, unusable: Mapping[str, list[int]]) -> str:
    """A sentence about the segments that are not used.

    Args:
        ann_file: The annotation file.
        unusable: Their ids, by image; see `SegmentEntries.unusable_ids`.
    """
    path, ids = next(iter(unusable.items()))
    return (
        f'{ann_file} has {sum(map(len, unusable.values()))} segments with an `area` of '
        f'0 or a box under one pixel, e.g. the id {ids[0]} of {path}: their pixels are '
        'unlabelled. If that is a mistake, correct the file with '
        'tools/misc/check_panoptic_dataset.py --fix-areas.'
    )


def _read_row(
    segment: dict, cat2label: Mapping[int, int]
) -> tuple[int, int, bool, list[float], bool]:
    """Id, label, `iscrowd`, box (x1, y1, x2, y2), and whether it has an extent."""
    label = cat2label[segment['category_id']]
    x, y, w, h = segment['bbox']
    area = segment['area']
    if not math.isfinite(x + y + w + h + area):
        raise ValueError('`bbox` and `area` must be finite numbers')
    crowd = segment.get('iscrowd', 0)
    if crowd not in (0, 1):
        raise ValueError('`iscrowd` must be 0 or 1')
    segment_id = segment['id']
    if segment_id != int(segment_id) or not 0 < segment_id < NUM_IDS:
        raise ValueError(f'`id` must be an integer from 1 to {NUM_IDS - 1}')
    usable = area > 0 and w >= 1 and h >= 1
    return int(segment_id), label, bool(crowd), [x, y, x + w, y + h], usable
