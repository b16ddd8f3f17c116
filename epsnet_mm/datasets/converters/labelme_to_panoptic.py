"""labelme's annotation files to COCO panoptic."""

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from epsnet_runtime.coco.panoptic_writer import PanopticWriter
from epsnet_runtime.folder_files import files_in

import numpy as np
from pycocotools import mask as coco_mask

from ...progress import show_progress
from ..image_file import image_size
from .class_list import read_classes
from .coco_instances import Instance
from .coco_to_panoptic import merge_segments
from .conversion_report import ConversionReport, InvalidItemError
from .label_map import UNLABELLED
from .labelme_files import LabelmeFile, LabelmeShape, find_labels, read_labelme
from .labelme_shapes import encode_shape
from .mask_orientation import match_orientation

# labelme's own names for what has no class.
_NO_CLASS = ('__ignore__', '_background_')


def convert_labelme(
    folder: str,
    ann_file: str,
    stuff: Sequence[str] = (),
    classes_file: str | None = None,
    *,
    label_folder: str | None = None,
    image_dir: str | None = None,
    mask_orientation: str = 'displayed',
    skip_invalid: bool = False,
) -> ConversionReport:
    """Convert a folder of labelme's JSON files.

    Shapes of one label and `group_id` are one object. Objects cover stuff, and smaller
    shapes cover larger ones. The labels `__ignore__` and `_background_` mean
    unlabelled.

    Args:
        folder: JSON files, also in folders inside it.
        ann_file: JSON to write; the PNGs' folder is named after it.
        stuff: Labels that are stuff; all others are things.
        classes_file: See `read_classes`; None takes the labels that occur, sorted.
        label_folder: Where labels occur, such as the folder of all splits; None for
            `folder`.
        image_dir: Where file names in the output start; None for `folder`.
        mask_orientation: See `match_orientation`. labelme displays images turned.
        skip_invalid: Leave out invalid files and shapes instead of stopping.

    Returns:
        Counts of what was written and left out.

    Raises:
        FileNotFoundError: If there is no JSON file.
        FileExistsError: If the output exists already.
        ValueError: If a file or a shape can't be converted.
    """
    report = ConversionReport()
    files = _read_files(folder, report, skip_invalid)
    if classes_file is None:
        categories = _find_classes(label_folder or folder, stuff)
    else:
        categories = read_classes(classes_file)
    num_invalid = 0
    with PanopticWriter(ann_file, categories) as writer:
        for file in show_progress(files, 'Converting'):
            path = str(file.image_path)
            try:
                drawn = _draw(file, categories)
                ids = match_orientation(drawn.ids, path, mask_orientation)
                _check_size(file, ids.shape)
                name = _relative(file.image_path, image_dir or folder)
                image = dict(id=len(writer.images) + 1, file_name=name)
                image.update(height=ids.shape[0], width=ids.shape[1])
                writer.add(image, ids, drawn.segments)
            except ValueError as error:
                if not skip_invalid:
                    raise
                report.leave_out_image(path, error)
                continue
            drawn.count(report, path)
            num_invalid += len(drawn.invalid)
        if num_invalid and not skip_invalid:
            raise ValueError(
                f'{folder}: {num_invalid} shapes cannot be converted: '
                f'{"; ".join(report.objects.reasons())}; correct or remove them, or '
                'pass --skip-invalid to leave them out.'
            )
        report.finish(writer)
    return report


@dataclass(frozen=True)
class _Drawn:
    """The segments of an image, and what became of its shapes.

    Attributes:
        ids: (H, W) segment ids.
        segments: As `merge_segments` gives.
        num_objects: Number of objects in the file, without the invalid ones.
        num_stuff: Number of classes of stuff in the file.
        hidden: Classes of stuff without a pixel.
        lost: As `merge_segments` gives.
        invalid: Why shapes can't be drawn.
        num_without_class: Number of shapes that mean unlabelled.
    """

    ids: np.ndarray
    segments: list[dict]
    num_objects: int
    num_stuff: int
    hidden: list[str]
    lost: list[tuple[str, Instance | None]]
    invalid: list[InvalidItemError]
    num_without_class: int

    def count(self, report: ConversionReport, path: str) -> None:
        """Add the shapes to the counts of a report."""
        objects, stuff = report.objects, report.stuff
        objects.num_read += (
            self.num_objects + len(self.invalid) + self.num_without_class
        )
        stuff.num_read += self.num_stuff
        for error in self.invalid:
            objects.leave_out(error.reason, str(error))
        objects.leave_out('that mean unlabelled', path, self.num_without_class)
        stuff.leave_out('without a visible pixel', path, len(self.hidden))
        for reason, instance in self.lost:
            if instance is None:
                stuff.leave_out(reason, path)
            else:
                objects.leave_out(reason, instance.name)


def _draw(file: LabelmeFile, categories: Sequence[dict]) -> _Drawn:
    """Draw the shapes of an image."""
    height, width = _drawn_size(file)
    known = {category['name']: category for category in categories}
    objects: dict[object, list[tuple[LabelmeShape, dict]]] = defaultdict(list)
    grounds, invalid, num_without_class = [], [], 0
    for number, shape in enumerate(file.shapes):
        if shape.label in _NO_CLASS:
            num_without_class += 1
            continue
        try:
            if shape.label not in known:
                raise InvalidItemError(
                    'of an unknown class',
                    f'{shape.name}, whose label {shape.label!r} is not among the '
                    'classes',
                )
            drawn = shape, encode_shape(shape, height, width)
        except InvalidItemError as error:
            invalid.append(error)
            continue
        if known[shape.label]['isthing']:
            alone = shape.group is None
            objects[number if alone else (shape.label, shape.group)].append(drawn)
        else:
            grounds.append(drawn)
    labels = np.full((height, width), UNLABELLED)
    for shape, rle in sorted(grounds, key=lambda drawn: -int(coco_mask.area(drawn[1]))):
        labels[coco_mask.decode(rle).astype(bool)] = known[shape.label]['id']
    instances = [_join(parts, known) for parts in objects.values()]
    ids, segments, lost = merge_segments(labels, instances)
    names = {shape.label for shape, _ in grounds}
    visible = set(np.unique(labels).tolist())
    hidden = [name for name in names if known[name]['id'] not in visible]
    return _Drawn(
        *(ids, segments, len(instances), len(names), hidden, lost, invalid),
        num_without_class,
    )


def _join(
    parts: Sequence[tuple[LabelmeShape, dict]], known: Mapping[str, dict]
) -> Instance:
    """One object of the shapes of a group."""
    rle = coco_mask.merge([rle for _, rle in parts])
    shape = parts[0][0]
    return Instance(shape.name, known[shape.label]['id'], 0, rle)


def _drawn_size(file: LabelmeFile) -> tuple[int, int]:
    """(height, width) in which the shapes were drawn."""
    size = image_size(str(file.image_path))
    # Turned images may have been drawn as they are stored.
    if file.size not in (None, size, size[::-1]):
        _check_size(file, file.size)
    return file.size or size


def _check_size(file: LabelmeFile, drawn: tuple[int, int]) -> None:
    height, width = image_size(str(file.image_path))
    if drawn != (height, width):
        raise InvalidItemError(
            'with a file of another size',
            f'{file.image_path} is {width} x {height} pixels, but its shapes were '
            f'drawn on {drawn[1]} x {drawn[0]}: put the image there that was labelled.',
        )


def _relative(path: Path, folder: str) -> str:
    """A path below a folder, with `/`."""
    name = Path(os.path.relpath(path, folder)).as_posix()
    if name.startswith('../'):
        raise InvalidItemError(
            'outside of the folder of the images',
            f'{path} is not in {folder}: give the folder of the images as --image-dir.',
        )
    return name


def _read_files(
    folder: str, report: ConversionReport, skip_invalid: bool
) -> list[LabelmeFile]:
    paths = [path for path in files_in(folder) if path.suffix == '.json']
    if not paths:
        raise FileNotFoundError(
            f"There are no JSON files in {folder}: give the folder of labelme's files."
        )
    report.images.num_read += len(paths)
    files = []
    for path in paths:
        try:
            files.append(read_labelme(path))
        except ValueError as error:
            if not skip_invalid:
                raise
            report.leave_out_image(str(path), error)
    return files


def _find_classes(folder: str, stuff: Sequence[str]) -> list[dict]:
    """The categories: all labels in a folder."""
    labels = sorted(find_labels(folder) - {*_NO_CLASS})
    for name in stuff:
        if name not in labels:
            raise ValueError(
                f'No shape has the label {name!r}, which is to be stuff; there are '
                f'{", ".join(labels)}.'
            )
    return [
        dict(id=number, name=name, isthing=int(name not in stuff))
        for number, name in enumerate(labels, 1)
    ]
