"""Validates a COCO panoptic dataset before training."""

import json
import os
import os.path as osp
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing import Pool

from ...progress import show_progress
from ...structures.categories import order_categories
from ...structures.label_range import MAX_CLASSES
from ...structures.panoptic_json import load_panoptic_json, structure_problems
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
    """

    ann_file: str
    content: dict
    problems: list[str]
    wrong_measures: list[str]
    corrections: dict[int, Measures]


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
    report = DatasetReport(ann_file, content, [], [], {})
    for problem in (
        *structure_problems(content),
        *_label_problems(content),
        *_listing_problems(content),
    ):
        report.problems.append(f'{ann_file}: {problem}')
    entries = list(_image_entries(content, seg_dir, img_dir))
    for entry, found in zip(entries, _check_all(content, entries, jobs), strict=True):
        report.problems += found.problems
        report.wrong_measures += found.wrong_measures
        if found.corrections:
            report.corrections[entry.image['id']] = found.corrections
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
    known = {image.get('id') for image in content['images']}
    for annotation in content['annotations']:
        if annotation.get('image_id') not in known:
            yield (
                f'the annotation of the image id '
                f'{annotation.get("image_id")!r} has no image; add the '
                'image or remove the annotation.'
            )
    for what in ('images', 'annotations'):
        names = Counter(entry.get('file_name') for entry in content[what])
        for name, count in names.items():
            if count > 1 and name is not None:
                yield (f'{count} {what} name the file {name}; each must have its own.')


def _image_entries(content: dict, seg_dir: str, img_dir: str) -> Iterator[ImageEntry]:
    """The images that have all keys and an annotation."""
    annotations = {
        annotation.get('image_id'): annotation for annotation in content['annotations']
    }
    for image in content['images']:
        annotation = annotations.get(image.get('id'))
        if annotation and {'file_name', 'height', 'width'} <= image.keys():
            name = annotation.get(
                'file_name', osp.splitext(image['file_name'])[0] + '.png'
            )
            yield ImageEntry(
                image,
                annotation,
                osp.join(img_dir, image['file_name']),
                osp.join(seg_dir, name),
            )


def _check_all(
    content: dict, entries: list[ImageEntry], jobs: int
) -> Iterator[ImageFindings]:
    categories = {
        category['id']: category
        for category in content['categories']
        if {'id', 'name', 'isthing'} <= category.keys()
    }
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
    for annotation in report.content['annotations']:
        measures = report.corrections.get(annotation.get('image_id'), {})
        for segment in annotation['segments_info']:
            if segment.get('id') in measures:
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


def class_histogram(content: dict) -> str:
    """A table of images and segments for each class, in label order.

    Crowds are counted by themselves, not among the segments.
    """
    images, segments, crowds = Counter(), Counter(), Counter()
    for annotation in content['annotations']:
        seen = defaultdict(Counter)
        for segment in annotation['segments_info']:
            seen[bool(segment.get('iscrowd'))][segment.get('category_id')] += 1
        segments.update(seen[False])
        crowds.update(seen[True])
        images.update(seen[False].keys() | seen[True].keys())
    categories = [x for x in content['categories'] if 'isthing' in x]
    width = max([5, *(len(str(x.get('name'))) for x in categories)])
    lines = [
        f'{"label":>5}  {"class":{width}}  kind   {"images":>8}  '
        f'{"segments":>8}  {"crowds":>8}'
    ]
    for label, category in enumerate(order_categories(categories)):
        key = category.get('id')
        lines.append(
            f'{label:5}  {category.get("name", "?"):{width}}  '
            f'{"thing" if _is_thing(category) else "stuff"}  '
            f'{images[key]:8}  {segments[key]:8}  {crowds[key]:8}'
        )
    return '\n'.join(lines)


def _is_thing(category: dict) -> bool:
    return bool(category.get('isthing'))
