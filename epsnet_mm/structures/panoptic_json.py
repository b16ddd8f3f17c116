"""Reads and checks COCO panoptic annotation files."""

import colorsys
import json
import os
import os.path as osp
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from mmengine.fileio import get


def read_panoptic_json(
    ann_file: str, with_segments: bool = True, backend_args: dict | None = None
) -> dict:
    """Read a COCO panoptic annotation file and check its structure.

    Args:
        ann_file (str): Path of the file.
        with_segments (bool): Whether each image must have an annotation;
            files for test servers have images and categories only.
        backend_args (dict, optional): MMEngine's file backend; None for local
            files.

    Returns:
        dict: ``images``, ``categories`` and, where present, ``annotations``.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: It isn't JSON, or not of the panoptic format.
    """
    content = load_panoptic_json(ann_file, with_segments, backend_args)
    for problem in structure_problems(content, with_segments):
        raise ValueError(f'{ann_file}: {problem}')
    return content


def load_panoptic_json(
    ann_file: str, with_segments: bool = True, backend_args: dict | None = None
) -> dict:
    """Read what seems to be a COCO panoptic annotation file, whatever is in
    its lists; arguments and errors as `read_panoptic_json`.
    """
    if backend_args is None and not osp.isfile(ann_file):
        raise FileNotFoundError(
            f'The annotation file {ann_file} does not exist: check `data_root`'
            ' and `ann_file` in the config, or make the data set first.'
        )
    try:
        content = json.loads(get(ann_file, backend_args=backend_args))
    except ValueError as error:
        raise ValueError(
            f'{ann_file} is not a valid JSON file ({error}): it may be cut '
            'short; fetch or make it again.'
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
    """Find what keeps a data set from being read, outside of its segments.

    Args:
        content (dict): As `load_panoptic_json` gives.
        with_segments (bool): See `read_panoptic_json`.

    Yields:
        str: One sentence for each problem, with its remedy.
    """
    yield from category_problems(content['categories'])
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


def category_problems(categories: list[dict]) -> Iterator[str]:
    """As `structure_problems`, of the categories."""
    if not categories:
        yield (
            'the file has no categories: add at least one with `id`, '
            '`name` and `isthing`.'
        )
    for key in ('id', 'name', 'isthing'):
        for category in categories:
            if key not in category:
                yield (
                    f'the category {category} lacks `{key}`; add it '
                    '(`isthing` is 1 for things, 0 for stuff).'
                )
        if key != 'isthing':
            values = Counter(
                category[key] for category in categories if key in category
            )
            for value in _repeated(values):
                yield (f'several categories have the {key} {value!r}; make it unique.')


def _repeated(values: Counter) -> list:
    # What lacks the key altogether is a problem of its own.
    return [value for value, count in values.items() if count > 1 and value is not None]


def order_categories(categories: list[dict]) -> list[dict]:
    """Sort categories into label order: things, then stuff, each in the
    order of the file.
    """
    return sorted(categories, key=lambda category: not category['isthing'])


def panoptic_metainfo(categories: list[dict]) -> dict:
    """Make a data set's ``metainfo`` from the categories of its file.

    Args:
        categories (List[dict]): In label order, see `order_categories`.

    Returns:
        dict: ``classes``, ``thing_classes``, ``stuff_classes`` (tuples of
        names) and ``palette`` (a list of RGB tuples, 0 to 255).
    """
    return dict(
        classes=tuple(category['name'] for category in categories),
        thing_classes=tuple(
            category['name'] for category in categories if category['isthing']
        ),
        stuff_classes=tuple(
            category['name'] for category in categories if not category['isthing']
        ),
        palette=[
            tuple(category.get('color') or _distinct_color(label))
            for label, category in enumerate(categories)
        ],
    )


def _distinct_color(label: int) -> tuple:
    """A colour that differs from those of all other labels."""
    # Steps of the golden ratio never fall on an earlier hue.
    hue = label * 0.618034 % 1
    value = 1 - 0.3 * (label // 3 % 2)
    return tuple(
        round(255 * channel)
        for channel in colorsys.hsv_to_rgb(hue, 0.85 - 0.35 * (label % 3 == 2), value)
    )


def check_files_exist(
    paths: Iterable[str], ann_file: str, what: str, option: str
) -> None:
    """Check that all listed files are on disk.

    Lists each folder once instead of asking for each file, which is what
    makes COCO's 236 thousand files quick.

    Args:
        paths (Iterable[str]): Local files.
        ann_file (str): The file that lists them, for the message.
        what (str): What the files are, for the message.
        option (str): The config key that sets their folder, for the message.

    Raises:
        FileNotFoundError: Some are absent.
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
