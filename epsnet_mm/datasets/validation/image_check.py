"""Finds what is wrong with one image of a COCO panoptic dataset."""

import os.path as osp
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from epsnet_runtime.coco.segment_runs import measure_segments
from epsnet_runtime.coco.value_rules import fits, shown

import numpy as np

from ...structures.panoptic_schema import SEGMENT, segment_faults
from ...structures.segment_ids import check_same_size, decode_segment_ids
from ..image_file import read_image
from ..orientation import orientation_problem

Measures = dict[int, tuple[int, list[int]]]


@dataclass
class ImageEntry:
    """An image, its annotation, and where its files are.

    Attributes:
        image: Its element of `images`.
        annotation: Its element of `annotations`.
        image_path: The image.
        png_path: The segmentation PNG.
        where: JSON path of the annotation.
    """

    image: dict
    annotation: dict
    image_path: str
    png_path: str
    where: str = 'annotation'


@dataclass
class ImageFindings:
    """What is wrong with an image.

    Attributes:
        problems: Sentences, each names its file.
        wrong_measures: The same for areas and boxes.
        corrections: For each segment id
            with a wrong area or box, what the PNG says.
        warnings: Sentences about what may be wrong.
        areas: By category id, the pixels of each segment in the PNG, without crowds.
        crowds: The same of crowds.
        num_pixels: Of the PNG.
        num_void: Pixels of the PNG without a label.
    """

    problems: list[str] = field(default_factory=list)
    wrong_measures: list[str] = field(default_factory=list)
    corrections: Measures = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    areas: dict[int, list[int]] = field(default_factory=dict)
    crowds: dict[int, list[int]] = field(default_factory=dict)
    num_pixels: int = 0
    num_void: int = 0


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
        findings.num_pixels = ids.size
        findings.num_void = ids.size - int(np.count_nonzero(ids))
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
        findings.warnings += _orientation_warnings(entry.image_path, ids.shape)
        check_same_size(ids, shape, entry.png_path)
    except (OSError, ValueError) as error:
        findings.problems.append(str(error))
        return None
    return ids


def _orientation_warnings(image_path: str, size: tuple[int, int]) -> Iterator[str]:
    """Tell whether a mask of this size may be turned against its image."""
    try:
        turned = orientation_problem(image_path, size)
    except ValueError:  # An image that cannot be read has been reported.
        return
    if turned:
        yield (
            f'{turned}: look at both in a viewer, and turn the mask as the viewer '
            'turns the image.'
        )


def _segment_problems(entry: ImageEntry, categories: dict[int, dict]) -> Iterator[str]:
    """What is wrong with the entries of `segments_info` by themselves."""
    path, stuff = entry.png_path, Counter()
    segments = entry.annotation['segments_info']
    for position, segment in enumerate(segments):
        where = f'{entry.where}.segments_info[{position}]'
        found = list(segment_faults(segment, where, categories))
        yield from (f'{path}: {fault}' for fault in found)
        if found or categories[segment['category_id']]['isthing']:
            continue
        name = categories[segment['category_id']]['name']
        stuff[name] += 1
        if segment.get('iscrowd', 0):
            yield (
                f'{path}: {where} is a crowd of the stuff class {name}; only things '
                'can be crowds, set `iscrowd` to 0.'
            )
    for name, count in stuff.items():
        if count > 1:
            yield (
                f'{path} has {count} segments of the stuff class {name}: '
                'give all its pixels one id.'
            )
    for segment_id, count in _segment_ids(segments).items():
        if count > 1:
            yield (
                f'{path}: {count} segments have the id {segment_id}; '
                'segments cannot overlap, give each pixels of its own id.'
            )


def _segment_ids(segments: list) -> Counter:
    """How often each possible id is listed."""
    return Counter(
        segment['id']
        for segment in segments
        if isinstance(segment, dict) and SEGMENT['id'].holds(segment.get('id'))
    )


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
        # Other rows have been reported.
        if not fits(segment, SEGMENT) or segment['id'] not in measured:
            continue
        truth = measured[segment['id']]
        areas = findings.crowds if segment.get('iscrowd', 0) else findings.areas
        areas.setdefault(segment['category_id'], []).append(truth[0])
        for key, expected in zip(('area', 'bbox'), truth, strict=True):
            if segment.get(key) != expected:
                findings.wrong_measures.append(
                    f'{path}: the segment {segment["id"]} has {expected} as '
                    f'`{key}`, but the annotation file says '
                    f'{shown(segment.get(key))}; correct it (--fix-areas).'
                )
                findings.corrections[segment['id']] = truth
