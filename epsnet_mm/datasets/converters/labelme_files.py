"""Reads the annotation files of labelme."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from epsnet_runtime.coco.value_rules import shown
from epsnet_runtime.folder_files import files_in

from .conversion_report import InvalidItemError
from .json_values import read_id, read_json


@dataclass(frozen=True)
class LabelmeShape:
    """A shape that somebody has drawn; its outline is not checked yet.

    Attributes:
        name: What messages call it.
        label: Its class.
        group: Shapes of one label and group are one object; None for an object alone.
        kind: 'polygon', 'rectangle', 'circle', 'mask', ...
        points: Of the outline.
        mask: For a 'mask', a PNG in base64.
    """

    name: str
    label: str
    group: int | str | None
    kind: object
    points: object
    mask: object


@dataclass(frozen=True)
class LabelmeFile:
    """What the file of an image holds.

    Attributes:
        image_path: The image, which exists.
        size: (height, width) in which the shapes were drawn; None if it does not tell.
        shapes: The shapes, from bottom to top.
    """

    image_path: Path
    size: tuple[int, int] | None
    shapes: list[LabelmeShape]


def read_labelme(path: Path) -> LabelmeFile:
    """Read the file of an image.

    Args:
        path: The file. `imagePath` in it starts at its folder. If there is no such
            image, one of that name beside the file is taken.

    Raises:
        InvalidItemError: If it is none of labelme's files, or its image is missing.
        ValueError: If it isn't JSON.
    """
    content = read_json(str(path), 'annotation file')
    reason = 'that are no files of labelme'
    if not isinstance(content, Mapping) or not isinstance(content.get('shapes'), list):
        raise InvalidItemError(
            reason, f'{path} lacks `shapes` as a list: move it elsewhere.'
        )
    name = content.get('imagePath')
    if not isinstance(name, str) or not name:
        raise InvalidItemError(
            reason, f'{path} lacks `imagePath`, the name of its image: add it.'
        )
    shapes = [
        _read_shape(shape, f'shapes[{number}] of {path}')
        for number, shape in enumerate(content['shapes'])
    ]
    size = tuple(read_id(content.get(f'image{side}')) for side in ('Height', 'Width'))
    if not all(isinstance(side, int) and side > 0 for side in size):
        size = None
    return LabelmeFile(_find_image(path, name), size, shapes)


def find_labels(folder: str) -> set[str]:
    """All labels in the files of a folder and of those inside it.

    A file that is none of labelme's has none: whoever converts it, hears of it.
    """
    labels = set()
    for path in files_in(folder):
        if path.suffix != '.json':
            continue
        try:
            content = read_json(str(path), 'annotation file')
        except ValueError:
            continue
        shapes = content.get('shapes') if isinstance(content, Mapping) else None
        labels |= {
            shape['label'].strip()
            for shape in (shapes if isinstance(shapes, list) else ())
            if isinstance(shape, Mapping) and isinstance(shape.get('label'), str)
        }
    return labels - {''}


def _read_shape(shape: object, name: str) -> LabelmeShape:
    label = shape.get('label') if isinstance(shape, Mapping) else None
    if not isinstance(label, str) or not label.strip():
        raise InvalidItemError(
            'with a shape without a label', f'{name} has no `label`: add it.'
        )
    group = shape.get('group_id')
    # Some tools write an empty text for an object alone.
    if isinstance(group, str) and not group.strip():
        group = None
    if group is not None and read_id(group) is None:
        raise InvalidItemError(
            'with an unknown `group_id`',
            f'{name} has the `group_id` {shown(group)}: write a number.',
        )
    return LabelmeShape(
        name,
        label.strip(),
        None if group is None else read_id(group),
        shape.get('shape_type') or 'polygon',
        shape.get('points'),
        shape.get('mask'),
    )


def _find_image(path: Path, name: str) -> Path:
    # Files that were made on Windows.
    name = name.replace('\\', '/')
    for image in (path.parent / name, path.parent / name.rpartition('/')[2]):
        if image.is_file():
            return image
    raise InvalidItemError(
        'without an image',
        f'{path} belongs to the image {name}, which does not exist: put it there.',
    )
