"""Validates a COCO panoptic dataset before training."""

import json
import os
import os.path as osp
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import Pool

from epsnet_runtime.coco.categories import category_problems, shared_colors
from epsnet_runtime.coco.value_rules import fits

from ...progress import show_progress
from ...structures.label_range import MAX_CLASSES
from ...structures.panoptic_json import load_panoptic_json
from ...structures.panoptic_schema import (
    ANNOTATION,
    IMAGE,
    SEGMENT,
    sound_categories,
    structure_problems,
)
from .class_table import PixelCounts
from .duplicate_images import duplicate_images
from .image_check import ImageEntry, ImageFindings, Measures, check_image


@dataclass
class DatasetReport:
    """What the check of a dataset has found.

    Attributes:
        ann_file: The annotation file.
        content: What is in it.
        problems: Sentences, each names its file and a remedy.
        wrong_measures: The same for areas and boxes, which
            `fix_areas` corrects.
        corrections: Area and box of segments where they are wrong, by
            image id and segment id.
        warnings: Sentences about what may be wrong.
        pixels: What the PNGs have of each class.
        checked: Each image that has an annotation, with its findings.
    """

    ann_file: str
    content: dict
    problems: list[str]
    wrong_measures: list[str]
    corrections: dict[int, Measures]
    warnings: list[str]
    pixels: PixelCounts
    checked: list[tuple[ImageEntry, ImageFindings]] = field(default_factory=list)


def check_dataset(
    ann_file: str, seg_dir: str, img_dir: str, jobs: int = 1
) -> DatasetReport:
    """Check annotations, PNGs and images against each other.

    Shows its progress on stderr.

    Args:
        ann_file: COCO panoptic JSON.
        seg_dir: Folder of the segmentation PNGs.
        img_dir: Folder of the images.
        jobs: Number of processes.

    Raises:
        FileNotFoundError: The annotation file or a folder does not exist.
        ValueError: The annotation file is not a panoptic one at all.
    """
    content = load_panoptic_json(ann_file)
    for folder, what in ((seg_dir, 'PNGs'), (img_dir, 'images')):
        if not osp.isdir(folder):
            raise FileNotFoundError(
                f'The folder {folder} of the {what} does '
                'not exist: correct the command line.'
            )
    report = DatasetReport(ann_file, content, [], [], {}, [], PixelCounts())
    for problem in (
        *structure_problems(content),
        *_label_problems(content),
        *_listing_problems(content),
    ):
        report.problems.append(f'{ann_file}: {problem}')
    if not list(category_problems(content['categories'])):
        for problem in shared_colors(content['categories']):
            report.warnings.append(f'{ann_file}: {problem}')
    entries = list(_image_entries(content, seg_dir, img_dir))
    for entry, found in zip(entries, _check_all(content, entries, jobs), strict=True):
        report.checked.append((entry, found))
        report.problems += found.problems
        report.wrong_measures += found.wrong_measures
        report.warnings += found.warnings
        report.pixels.add(found)
        if found.corrections:
            report.corrections[entry.image['id']] = found.corrections
    for group in duplicate_images(entry.image_path for entry in entries):
        report.warnings.append(
            f'{" and ".join(group)} are the same image; remove all but one.'
        )
    return report


def _label_problems(content: dict) -> Iterator[str]:
    """What keeps the categories from becoming labels."""
    categories = content['categories']
    if len(categories) > MAX_CLASSES:
        yield (
            f'{len(categories)} categories are too many: panoptic maps hold '
            f'{MAX_CLASSES}; merge or remove some.'
        )


def _listing_problems(content: dict) -> Iterator[str]:
    """Annotations without image, and files that are named twice."""
    images, annotations = _sound_entries(content)
    for image_id, (position, _) in annotations.items():
        if image_id not in images:
            yield (
                f'annotations[{position}] of the image id {image_id!r} has no image; '
                'add the image or remove the annotation.'
            )
    for what, entries in (('images', images), ('annotations', annotations)):
        names = Counter(entry.get('file_name') for _, entry in entries.values())
        for name, count in names.items():
            if count > 1 and name is not None:
                yield (f'{count} {what} name the file {name}; each must have its own.')


def _sound_entries(content: dict) -> tuple[dict, dict]:
    """Images and annotations without faults: their position and entry, by image id."""
    return tuple(
        {
            entry[key]: (position, entry)
            for position, entry in enumerate(content[what])
            if fits(entry, rules)
        }
        for what, key, rules in (
            ('images', 'id', IMAGE),
            ('annotations', 'image_id', ANNOTATION),
        )
    )


def _image_entries(content: dict, seg_dir: str, img_dir: str) -> Iterator[ImageEntry]:
    """The images that have all keys and an annotation."""
    images, annotations = _sound_entries(content)
    for image_id, (_, image) in images.items():
        if image_id not in annotations:
            continue
        position, annotation = annotations[image_id]
        default = osp.splitext(image['file_name'])[0] + '.png'
        yield ImageEntry(
            image,
            annotation,
            osp.join(img_dir, image['file_name']),
            osp.join(seg_dir, annotation.get('file_name', default)),
            f'annotations[{position}]',
        )


def _check_all(
    content: dict, entries: list[ImageEntry], jobs: int
) -> Iterator[ImageFindings]:
    categories = {category['id']: category for category in sound_categories(content)}
    check = partial(check_image, categories=categories)
    total = len(entries)
    if jobs == 1:
        yield from show_progress(map(check, entries), 'Checking', total)
        return
    with Pool(jobs) as pool:
        found = pool.imap(check, entries, chunksize=8)
        yield from show_progress(found, 'Checking', total)


def fix_areas(report: DatasetReport) -> str:
    """Write the PNGs' areas and boxes into the annotation file.

    The old file stays beside it, under a name that ends in `.bak`. The new
    one takes its place at once, when it is complete.

    Args:
        report: Its `wrong_measures` and `corrections` are
            empty afterwards.

    Returns:
        Path of the old file.
    """
    _, annotations = _sound_entries(report.content)
    for image_id, measures in report.corrections.items():
        for segment in annotations[image_id][1]['segments_info']:
            if fits(segment, SEGMENT) and segment['id'] in measures:
                area, bbox = measures[segment['id']]
                segment.update(area=area, bbox=bbox)
    backup, number = f'{report.ann_file}.bak', 1
    while osp.exists(backup):
        number += 1
        backup = f'{report.ann_file}.{number}.bak'
    partial_file = f'{report.ann_file}.partial'
    with open(partial_file, 'w', encoding='utf-8') as file:
        json.dump(report.content, file)
    shutil.copy2(report.ann_file, backup)
    os.replace(partial_file, report.ann_file)
    report.wrong_measures.clear()
    report.corrections.clear()
    return backup
