"""Reads, checks and writes COCO panoptic annotation files."""

import json
import os
import os.path as osp
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from mmengine.fileio import get

from .atomic_write import write_atomically
from .categories import category_problems


def read_panoptic_json(
    ann_file: str, with_segments: bool = True, backend_args: dict | None = None
) -> dict:
    """Read a COCO panoptic annotation file and check its structure.

    Args:
        ann_file: Path of the file.
        with_segments: Whether each image must have an annotation, and each category
            `isthing`. Files for test servers have images and categories only.
        backend_args: MMEngine's file backend; None for local files.

    Returns:
        `images`, `categories` and, where present, `annotations`.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it isn't JSON, or not of the panoptic format.
    """
    content = load_panoptic_json(ann_file, with_segments, backend_args)
    for problem in structure_problems(content, with_segments):
        raise ValueError(f'{ann_file}: {problem}')
    return content


def load_panoptic_json(
    ann_file: str, with_segments: bool = True, backend_args: dict | None = None
) -> dict:
    """Read a COCO panoptic annotation file without checking its lists.

    Arguments and errors are those of `read_panoptic_json`.
    """
    if backend_args is None and not osp.isfile(ann_file):
        raise FileNotFoundError(
            f'The annotation file {ann_file} does not exist: check `data_root`'
            ' and `ann_file` in the config, or prepare the dataset first.'
        )
    try:
        content = json.loads(get(ann_file, backend_args=backend_args))
    except ValueError as error:
        raise ValueError(
            f'{ann_file} is not a valid JSON file ({error}): it may be cut '
            'short; download it or write it again.'
        ) from None

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
    for annotation in content.get('annotations', ()):
        if 'segments_info' not in annotation:
            raise ValueError(
                f'{ann_file} has annotations without `segments_info`: it is '
                'not a COCO panoptic annotation file; use panoptic_*.json '
                'instead of instances_*.json.'
            )
    return content


def structure_problems(content: dict, with_segments: bool = True) -> Iterator[str]:
    """Find what keeps a dataset from being read, outside of its segments.

    Args:
        content: As `load_panoptic_json` gives.
        with_segments: See `read_panoptic_json`.

    Yields:
        One sentence per problem, with its remedy.
    """
    yield from category_problems(content['categories'], with_segments)
    for image in content['images']:
        for key in ('id', 'file_name', 'height', 'width'):
            if key not in image:
                yield f'the image {image} lacks `{key}`; add it.'
    image_ids = Counter(image.get('id') for image in content['images'])
    annotated = Counter(
        annotation.get('image_id') for annotation in content.get('annotations', ())
    )
    for what, ids in (('images', image_ids), ('annotations', annotated)):
        for value in _repeated(ids):
            yield (f'several {what} have the image id {value!r}; make it unique.')
    bare = [value for value in image_ids if value not in annotated]
    if with_segments and bare:
        yield (
            f'{len(bare)} images have no annotation, e.g. the id '
            f'{bare[0]!r}; remove them, or add an entry with an empty '
            '`segments_info` for images without labels.'
        )


def _repeated(values: Counter) -> list:
    # A missing id is reported on its own.
    return [value for value, count in values.items() if count > 1 and value is not None]


def write_panoptic_json(
    path: Path,
    images: Sequence[dict],
    annotations: Sequence[dict],
    categories: Sequence[dict],
    description: str = '',
) -> None:
    """Write a COCO panoptic annotation file, complete or not at all.

    Args:
        path: The file; replaced if it exists.
        images: `id`, `file_name`, `height` and `width` of each image.
        annotations: Of each image, as `panoptic_annotation` gives.
        categories: `id`, `name` and `isthing` of each.
        description: What `info` says; '' for no `info`.

    Raises:
        OSError: If the file can't be written.
    """
    content = dict(info=dict(description=description)) if description else {}
    content.update(
        images=list(images), annotations=list(annotations), categories=list(categories)
    )
    write_atomically(json.dumps(content).encode(), path)


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
