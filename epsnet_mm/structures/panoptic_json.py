"""Reads and checks COCO panoptic annotation files."""

import os
import os.path as osp
from collections import defaultdict
from collections.abc import Iterable

from epsnet_runtime.coco.value_rules import shown

from mmengine.fileio import get

from .json_file import parse_json
from .panoptic_schema import all_segment_faults, structure_problems


def read_panoptic_json(
    ann_file: str,
    with_segments: bool = True,
    backend_args: dict | None = None,
    check_segments: bool = False,
) -> dict:
    """Read a COCO panoptic annotation file and check it.

    Args:
        ann_file: Path of the file.
        with_segments: Whether each image must have an annotation, and each category
            `isthing`. Files for test servers have images and categories only.
        backend_args: MMEngine's file backend; None for local files.
        check_segments: Check id, category and `iscrowd` of each segment. The dataset
            does more than that when it parses them.

    Returns:
        `images`, `categories` and, where present, `annotations`.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it isn't JSON, or not of the panoptic format.
    """
    content = load_panoptic_json(ann_file, with_segments, backend_args)
    for problem in structure_problems(content, with_segments):
        raise ValueError(f'{ann_file}: {problem}')
    for fault in all_segment_faults(content) if check_segments else ():
        raise ValueError(f'{ann_file}: {fault}')
    return content


def load_panoptic_json(
    ann_file: str, with_segments: bool = True, backend_args: dict | None = None
) -> dict:
    """Read a COCO panoptic annotation file without checking its lists.

    Arguments and errors are those of `read_panoptic_json`. `images`, `categories` and
    `annotations` are lists; what is in them may be anything.
    """
    if backend_args is None and not osp.isfile(ann_file):
        raise FileNotFoundError(
            f'The annotation file {ann_file} does not exist: check `data_root`'
            ' and `ann_file` in the config, or prepare the dataset first.'
        )
    content = parse_json(get(ann_file, backend_args=backend_args), ann_file)
    required = ['images', 'categories']
    if with_segments:
        required.append('annotations')
    absent = [
        key for key in required if not isinstance(content, dict) or key not in content
    ]
    if absent:
        raise ValueError(
            f'{ann_file} lacks {", ".join(absent)}: it must be a COCO panoptic'
            ' annotation file, like panoptic_train2017.json.'
        )
    for key in ('images', 'annotations', 'categories'):
        if not isinstance(content.get(key, []), list):
            raise ValueError(
                f'{ann_file}: {key} is {shown(content[key])}, but must be a list; '
                'correct it.'
            )
    for position, annotation in enumerate(content.get('annotations', ())):
        if isinstance(annotation, dict) and 'segments_info' not in annotation:
            raise ValueError(
                f'{ann_file} has annotations without `segments_info`, e.g. '
                f'annotations[{position}]: it is not a COCO panoptic annotation '
                'file; use panoptic_*.json instead of instances_*.json.'
            )
    return content


def check_files_exist(
    paths: Iterable[str], ann_file: str, what: str, option: str
) -> None:
    """Check that all listed files are on disk.

    Lists each folder once instead of asking for each file: COCO has 236 thousand.

    Args:
        paths: Local files.
        ann_file: The file that lists them, for the message.
        what: What the files are, for the message.
        option: The config key that sets their folder, for the message.

    Raises:
        FileNotFoundError: If some are absent.
    """
    by_folder: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        folder, name = osp.split(path)
        by_folder[folder].append(name)
    missing = []
    for folder, names in by_folder.items():
        present = set()
        if osp.isdir(folder):
            with os.scandir(folder) as entries:
                present = {entry.name for entry in entries}
        missing += [osp.join(folder, name) for name in names if name not in present]
    if missing:
        total = sum(map(len, by_folder.values()))
        raise FileNotFoundError(
            f'{len(missing)} of the {total} {what} listed in {ann_file} are '
            f'not on disk, e.g. {", ".join(sorted(missing)[:3])}: put them '
            f'there, or correct `data_root` or `{option}` in the config.'
        )
