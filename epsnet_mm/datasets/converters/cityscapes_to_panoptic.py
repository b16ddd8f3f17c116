"""Cityscapes' panoptic annotations to the layout that `EPSNetPanopticDataset` reads."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from epsnet_runtime.coco.categories import plain_categories
from epsnet_runtime.coco.panoptic_writer import PanopticWriter
from epsnet_runtime.folder_files import files_in

import numpy as np

from ...progress import show_progress
from ...structures.panoptic_json import read_panoptic_json
from ...structures.panoptic_schema import segment_faults
from ...structures.segment_ids import decode_segment_ids, index_segments
from .conversion_report import ConversionReport, InvalidItemError, Tally
from .json_values import by_value, read_id

_IMAGE_SUFFIX = '_leftImg8bit.png'


def convert_cityscapes(
    cityscapes_file: str,
    png_dir: str,
    image_dir: str,
    ann_file: str,
    *,
    skip_invalid: bool = False,
) -> ConversionReport:
    """Convert one split.

    In Cityscapes' panoptic JSON, image ids are text, and the names of the images
    differ from those on disk, where each city has a folder.

    Args:
        cityscapes_file: `cityscapes_panoptic_val.json`.
        png_dir: `cityscapes_panoptic_val`, the folder of its PNGs.
        image_dir: `leftImg8bit/val`.
        ann_file: JSON to write. Its image names start with the city; the PNGs'
            folder is named after it.
        skip_invalid: Leave out images that can't be converted instead of stopping.

    Returns:
        Counts of what was written and left out.

    Raises:
        FileNotFoundError: If a file is missing.
        FileExistsError: If the output exists already.
        ValueError: If the JSON isn't a panoptic one or disagrees with a PNG.
    """
    content = read_panoptic_json(cityscapes_file)
    report = ConversionReport()
    categories = plain_categories(content['categories'])
    things = {x['id']: bool(x['isthing']) for x in categories}
    annotations = {x.get('image_id'): x for x in content['annotations']}
    report.images.num_read = len(content['images'])
    _note_unused_pngs(png_dir, content['annotations'], report)
    _count_segments(content, things, report, skip_invalid)
    with PanopticWriter(ann_file, categories) as writer:
        images = show_progress(content['images'], 'Converting')
        for number, image in enumerate(images, 1):
            annotation = annotations[image['id']]
            path = Path(png_dir, _png_name(annotation))
            try:
                if not path.is_file():
                    raise FileNotFoundError(
                        f'{path}, listed in {cityscapes_file}, '
                        'does not exist: put it there.'
                    )
                ids = decode_segment_ids(path.read_bytes(), str(path))
                ids, segments = renumber(
                    ids, annotation['segments_info'], str(path), things
                )
                size = dict(height=image['height'], width=image['width'])
                name = _image_name(image['id'], image_dir)
                writer.add(dict(id=number, file_name=name, **size), ids, segments)
            except (FileNotFoundError, ValueError) as error:
                if not skip_invalid:
                    raise
                report.leave_out_image(image['id'], error)
                reason, lost = 'of an image left out', annotation['segments_info']
            else:
                visible = set(np.unique(ids).tolist())
                lost = [x for x in segments if x['id'] not in visible]
                reason = 'without a pixel'
            for segment in lost:
                _tally(segment, things, report).leave_out(reason, f'in {path.name}')
        report.finish(writer)
    return report


def _png_name(annotation: dict) -> str:
    return str(annotation.get('file_name', ''))


def _note_unused_pngs(
    png_dir: str, annotations: Sequence[dict], report: ConversionReport
) -> None:
    pngs = (path for path in files_in(png_dir) if path.suffix == '.png')
    found = {path.relative_to(png_dir).as_posix() for path in pngs}
    unused = sorted(found - {_png_name(annotation) for annotation in annotations})
    if unused:
        report.notes.append(
            f'{len(unused)} PNGs of {png_dir} belong to no image, e.g. {unused[0]}.'
        )


def _count_segments(
    content: dict, things: Mapping[int, bool], report: ConversionReport, skip: bool
) -> None:
    """Count all segments, and leave out those of annotations without an image."""
    known = {image['id'] for image in content['images']}
    unknown = [x for x in content['annotations'] if x.get('image_id') not in known]
    if unknown and not skip:
        raise ValueError(
            f'{len(unknown)} annotations belong to no image, e.g. that of the '
            f'`image_id` {unknown[0].get("image_id")!r}: add the images, or pass '
            '--skip-invalid to leave the annotations out.'
        )
    for annotation in content['annotations']:
        for segment in annotation['segments_info']:
            _tally(segment, things, report).num_read += 1
    for annotation in unknown:
        name = f'in {_png_name(annotation)}'
        for segment in annotation['segments_info']:
            _tally(segment, things, report).leave_out('of an unknown image', name)


def _tally(
    segment: dict, things: Mapping[int, bool], report: ConversionReport
) -> Tally:
    category = segment.get('category_id') if isinstance(segment, dict) else None
    is_thing = things.get(read_id(category), True)
    return report.objects if is_thing else report.stuff


def _image_name(image_id: str, image_dir: str) -> str:
    """`frankfurt_000000_000294` to its file below the folder."""
    city = str(image_id).split('_')[0]
    name = f'{city}/{image_id}{_IMAGE_SUFFIX}'
    if not Path(image_dir, name).is_file():
        raise FileNotFoundError(
            f'The image {Path(image_dir, name)} of {image_id} does not exist: '
            'the folder must be that of the split, such as leftImg8bit/val.'
        )
    return name


def renumber(
    ids: np.ndarray,
    segments_info: Sequence[dict],
    path: str,
    categories: Mapping[int, bool],
) -> tuple[np.ndarray, list[dict]]:
    """Number the segments from 1.

    Args:
        ids: (H, W) segment ids of a PNG.
        segments_info: Its segments.
        path: Name of the PNG, for the messages.
        categories: Has the known category ids as keys.

    Returns:
        (H, W) new ids, and `id`, `category_id` and `iscrowd` of each segment.

    Raises:
        ValueError: If the PNG has an id that isn't listed, or a segment is invalid.
    """
    segments = []
    listed = []
    for position, entry in enumerate(segments_info):
        segment = by_value(entry)
        where = f'segments_info[{position}]'
        for fault in segment_faults(segment, where, categories):
            raise InvalidItemError('with an invalid segment', f'{path}: {fault}')
        listed.append(int(segment['id']))
        segments.append(
            dict(
                id=position + 1,
                category_id=int(segment['category_id']),
                iscrowd=int(segment.get('iscrowd', 0)),
            )
        )
    numbers = index_segments(ids, listed, path)
    return numbers, segments
