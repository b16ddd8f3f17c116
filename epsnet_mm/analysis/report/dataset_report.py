"""The page about a dataset: what its check has found, and the worst images."""

from pathlib import Path

from epsnet_runtime.atomic_write import write_atomically
from epsnet_runtime.coco.categories import order_categories
from epsnet_runtime.coco.value_rules import fits

import numpy as np

from ...datasets.image_reader import ImageReader, as_rgb
from ...datasets.validation.class_table import class_rows
from ...datasets.validation.dataset_check import DatasetReport
from ...datasets.validation.image_check import ImageEntry, ImageFindings
from ...structures.panoptic_schema import SEGMENT, sound_categories
from ...structures.segment_ids import decode_segment_ids
from ...visualization.palettes import class_colors
from .image_layers import (
    fit_size,
    jpeg_uri,
    layer_uri,
    segment_layer,
    shrink_ids,
    shrink_image,
)
from .page import render_page

NUM_WORST = 10
_PICTURE_SIZE = 720
# What stands for an image or for labels that can't be read.
_MISSING = (120, 160)


def write_dataset_report(report: DatasetReport, out: str) -> None:
    """Make the page of a dataset.

    Args:
        report: As `check_dataset` gives; further problems may have been added.
        out: The HTML file; its folder is made where there is none.
    """
    write_atomically(dataset_report(report).encode(), Path(out))


def dataset_report(report: DatasetReport) -> str:
    """Make a page of what the check of a dataset has found.

    Args:
        report: As `check_dataset` gives; further problems may have been added.

    Returns:
        HTML.
    """
    worst = sorted(report.checked, key=lambda x: _badness(x[1]), reverse=True)
    worst = worst[:NUM_WORST]
    categories = order_categories(sound_categories(report.content))
    pictures = [_picture(entry, found, categories) for entry, found in worst]
    rows = class_rows(report.content, report.pixels)
    return render_page(
        'dataset.html',
        title=Path(report.ann_file).name,
        images=len(report.content['images']),
        problems=report.problems + report.wrong_measures,
        warnings=report.warnings,
        pixels=report.pixels,
        rows=rows,
        most=max([row['pixels'] for row in rows], default=0),
        cards=[
            _card(number, entry, found, categories)
            for number, (entry, found) in enumerate(worst)
        ],
        data=dict(pictures=pictures),
    )


def _badness(found: ImageFindings) -> tuple[int, int, float]:
    problems = len(found.problems) + len(found.wrong_measures)
    return problems, len(found.warnings), _void_share(found)


def _counted(count: int, word: str) -> str:
    return f'{count} {word}' if count == 1 else f'{count} {word}s'


def _void_share(found: ImageFindings) -> float:
    return found.num_void / found.num_pixels if found.num_pixels else 0.0


def _sentences(found: ImageFindings) -> list[str]:
    return [*found.problems, *found.wrong_measures, *found.warnings]


def _card(
    number: int, entry: ImageEntry, found: ImageFindings, categories: list[dict]
) -> dict:
    problems, warnings, void = _badness(found)
    names = {category['id']: category['name'] for category in categories}
    kind, heading, color = 'fine', f'{100 * void:.1f} % unlabelled', ''
    if warnings:
        kind, heading, color = 'warning', _counted(warnings, 'warning'), '#f59e0b'
    if problems:
        kind, heading, color = 'problem', _counted(problems, 'problem'), '#ef4444'
    return dict(
        picture=number,
        kind=kind,
        heading=heading,
        color=color,
        detail=next(iter(_sentences(found)), 'Nothing is wrong with this image.'),
        cause='',
        size='',
        boxes=[],
        classes=sorted(names[x] for x in found.areas | found.crowds if x in names),
    )


def _picture(entry: ImageEntry, found: ImageFindings, categories: list[dict]) -> dict:
    """Layers of an image, as far as its files can be read."""
    image, ids = _read(entry)
    size = fit_size(image.shape[:2], _PICTURE_SIZE)
    known = {category['id']: category for category in categories}
    listed = entry.annotation.get('segments_info')
    segments = [
        segment
        for segment in (listed if isinstance(listed, list) else ())
        if fits(segment, SEGMENT) and segment['category_id'] in known
    ]
    palette = class_colors([x.get('color') for x in categories], len(categories))
    layer = segment_layer(shrink_ids(ids, size), segments, known, palette)
    return dict(
        name=entry.image['file_name'],
        width=size[0],
        height=size[1],
        input=jpeg_uri(shrink_image(image, size)),
        truth=layer_uri(layer),
        list=[dict(text=sentence) for sentence in _sentences(found)],
    )


def _read(entry: ImageEntry) -> tuple[np.ndarray, np.ndarray]:
    """Pixels and segment ids; gray and void for what can't be read."""
    try:
        ids = decode_segment_ids(Path(entry.png_path).read_bytes(), entry.png_path)
    except (OSError, ValueError):
        ids = None
    try:
        image = np.ascontiguousarray(as_rgb(ImageReader().read(entry.image_path)))
    except (OSError, ValueError):
        shape = _MISSING if ids is None else ids.shape
        image = np.full((*shape, 3), 128, np.uint8)
    if ids is None:
        ids = np.zeros(image.shape[:2], np.int64)
    return image, ids
