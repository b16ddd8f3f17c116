"""Cityscapes' panoptic annotations to the layout that `EPSNetPanopticDataset` reads."""

from pathlib import Path

import numpy as np

from ...progress import show_progress
from ...structures.panoptic_json import read_panoptic_json
from ...structures.panoptic_writer import PanopticWriter
from ...structures.segment_ids import decode_segment_ids, index_segments

_IMAGE_SUFFIX = '_leftImg8bit.png'


def convert_cityscapes(
    cityscapes_file: str, png_dir: str, image_dir: str, ann_file: str
) -> PanopticWriter:
    """Convert one split.

    In Cityscapes' panoptic JSON, image ids are text, and the names of the images
    differ from those on disk, where each city has a folder.

    Args:
        cityscapes_file: `cityscapes_panoptic_val.json`.
        png_dir: `cityscapes_panoptic_val`, the folder of its PNGs.
        image_dir: `leftImg8bit/val`.
        ann_file: JSON to write. Its image names start with the city; the PNGs'
            folder is named after it.

    Returns:
        The writer, which tells what was written.

    Raises:
        FileNotFoundError: If a file is missing.
        FileExistsError: If the output exists already.
        ValueError: If the JSON isn't a panoptic one or disagrees with a PNG.
    """
    content = read_panoptic_json(cityscapes_file)
    annotations = {
        annotation['image_id']: annotation for annotation in content['annotations']
    }
    with PanopticWriter(ann_file, content['categories']) as writer:
        images = show_progress(content['images'], 'Converting')
        for number, image in enumerate(images, 1):
            annotation = annotations[image['id']]
            path = Path(png_dir, annotation['file_name'])
            if not path.is_file():
                raise FileNotFoundError(
                    f'{path}, listed in {cityscapes_file}, '
                    'does not exist: put it there.'
                )
            ids = decode_segment_ids(path.read_bytes(), str(path))
            ids, segments = renumber(ids, annotation['segments_info'], str(path))
            writer.add(
                dict(
                    id=number,
                    file_name=_image_name(image['id'], image_dir),
                    height=image['height'],
                    width=image['width'],
                ),
                ids,
                segments,
            )
    return writer


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
    ids: np.ndarray, segments_info: list[dict], path: str
) -> tuple[np.ndarray, list[dict]]:
    """Number the segments from 1.

    Args:
        ids: (H, W) segment ids of a PNG.
        segments_info: Its segments.
        path: Name of the PNG, for the messages.

    Returns:
        (H, W) new ids, and `id`, `category_id` and `iscrowd` of each segment.

    Raises:
        ValueError: If the PNG has an id that isn't listed.
    """
    numbers = index_segments(ids, [x['id'] for x in segments_info], path)
    return numbers, [
        dict(
            id=number,
            category_id=segment['category_id'],
            iscrowd=int(segment.get('iscrowd', 0)),
        )
        for number, segment in enumerate(segments_info, 1)
    ]
