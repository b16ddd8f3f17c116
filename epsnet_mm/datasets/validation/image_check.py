"""Finds what is wrong with one image of a COCO panoptic dataset."""

import os.path as osp
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from ...structures.segment_ids import (
    NUM_IDS,
    check_same_size,
    decode_segment_ids,
)
from ...structures.segment_runs import measure_segments
from ..image_file import read_image

Measures = dict[int, tuple[int, list[int]]]


@dataclass
class ImageEntry:
    """An image, its annotation, and where its files are.

    Attributes:
        image: Its element of `images`.
        annotation: Its element of `annotations`.
        image_path: The image.
        png_path: The segmentation PNG.
    """

    image: dict
    annotation: dict
    image_path: str
    png_path: str


@dataclass
class ImageFindings:
    """What is wrong with an image.

    Attributes:
        problems: Sentences, each names its file.
        wrong_measures: The same for areas and boxes.
        corrections: For each segment id
            with a wrong area or box, what the PNG says.
    """

    problems: list[str] = field(default_factory=list)
    wrong_measures: list[str] = field(default_factory=list)
    corrections: Measures = field(default_factory=dict)


def check_image(entry: ImageEntry, categories: dict[int, dict]) -> ImageFindings:
    """Check the files of an image and its segments.

    Args:
        entry: The image.
        categories: The known categories by id.
    """
    findings = ImageFindings()
    shape = _check_image_file(entry, findings)
    findings.problems += _segment_problems(entry, categories)
    ids = _check_png(entry, shape, findings)
    if ids is not None:
        _compare_segments(entry, measure_segments(ids), findings)
    return findings


def _check_image_file(entry: ImageEntry, findings: ImageFindings) -> tuple[int, int]:
    """The image's (height, width); if it cannot be read, the JSON's."""
    listed = (entry.image['height'], entry.image['width'])
    if not osp.isfile(entry.image_path):
        findings.problems.append(
            f'{entry.image_path} is missing: put the '
            'image there, or remove it from the '
            'annotation file.'
        )
        return listed
    try:
        shape = read_image(entry.image_path).shape[:2]
    except ValueError as error:
        findings.problems.append(str(error))
        return listed
    if shape != listed:
        findings.problems.append(
            f'{entry.image_path} is {shape[1]} x {shape[0]} pixels, but the '
            f'annotation file says {listed[1]} x {listed[0]}: correct `width` '
            'and `height` there, or put the right image here.'
        )
    return shape


def _check_png(
    entry: ImageEntry, shape: tuple[int, int], findings: ImageFindings
) -> np.ndarray | None:
    """The PNG's (H, W) ids; None where they are not those of the image."""
    if not osp.isfile(entry.png_path):
        findings.problems.append(
            f'{entry.png_path} is missing: put the segmentation PNG there.'
        )
        return None
    try:
        with open(entry.png_path, 'rb') as file:
            ids = decode_segment_ids(file.read(), entry.png_path)
        check_same_size(ids, shape, entry.png_path)
    except (OSError, ValueError) as error:
        findings.problems.append(str(error))
        return None
    return ids


def _segment_problems(entry: ImageEntry, categories: dict[int, dict]) -> Iterator[str]:
    """What is wrong with the entries of `segments_info` by themselves."""
    path, stuff = entry.png_path, Counter()
    segments = entry.annotation['segments_info']
    for segment in segments:
        lacking = [key for key in ('id', 'category_id') if key not in segment]
        if lacking:
            yield (
                f'{path}: the segment {segment} lacks `{"`, `".join(lacking)}`; add it.'
            )
            continue
        name = f'{path}: the segment {segment["id"]}'
        category = categories.get(segment['category_id'])
        crowd = segment.get('iscrowd', 0)
        if category is None:
            yield (
                f'{name} has the unknown category '
                f'{segment["category_id"]}; correct `category_id` or add '
                'the category.'
            )
        if crowd not in (0, 1):
            yield f'{name} has `iscrowd` {crowd!r}; make it 0 or 1.'
        elif category is not None and not category['isthing']:
            stuff[category['name']] += 1
            if crowd:
                yield (
                    f'{name} is a crowd of the stuff class '
                    f'{category["name"]}; only things can be crowds, set '
                    '`iscrowd` to 0.'
                )
    for name, count in stuff.items():
        if count > 1:
            yield (
                f'{path} has {count} segments of the stuff class {name}: '
                'give all its pixels one id.'
            )
    for segment_id, count in _segment_ids(segments).items():
        if not isinstance(segment_id, int) or not 0 < segment_id < NUM_IDS:
            yield (
                f'{path}: the segment id {segment_id!r} is not an integer '
                f'from 1 to {NUM_IDS - 1}; give the segment another.'
            )
        if count > 1:
            yield (
                f'{path}: {count} segments have the id {segment_id}; '
                'segments cannot overlap, give each pixels of its own id.'
            )


def _segment_ids(segments: list[dict]) -> Counter:
    return Counter(segment['id'] for segment in segments if 'id' in segment)


def _compare_segments(
    entry: ImageEntry, measured: Measures, findings: ImageFindings
) -> None:
    """Compare `segments_info` with what the PNG shows."""
    path = entry.png_path
    listed = _segment_ids(entry.annotation['segments_info'])
    for segment_id in measured.keys() - listed.keys():
        findings.problems.append(
            f'{path} has {measured[segment_id][0]} pixels of the segment id '
            f'{segment_id}, which the annotation file lacks: add it to '
            '`segments_info`, or set the pixels to 0.'
        )
    for segment_id in listed.keys() - measured.keys():
        findings.problems.append(
            f'{path} has no pixel of the segment id {segment_id}, which the '
            'annotation file lists: remove it from `segments_info`.'
        )
    for segment in entry.annotation['segments_info']:
        truth = measured.get(segment.get('id'))
        if truth is None:
            continue
        for key, expected in zip(('area', 'bbox'), truth, strict=True):
            if segment.get(key) != expected:
                findings.wrong_measures.append(
                    f'{path}: the segment {segment["id"]} has {expected} as '
                    f'`{key}`, but the annotation file says '
                    f'{segment.get(key)}; correct it (--fix-areas).'
                )
                findings.corrections[segment['id']] = truth
