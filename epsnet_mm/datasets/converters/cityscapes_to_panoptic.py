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

    Cityscapes' panoptic JSON has text for image ids, and names of images that
    aren't those on disk, which are in a folder for each city.

    Args:
        cityscapes_file (str): ``cityscapes_panoptic_val.json``.
        png_dir (str): ``cityscapes_panoptic_val``, the folder of its PNGs.
        image_dir (str): ``leftImg8bit/val``.
        ann_file (str): JSON to make, whose image names start with the city;
            the PNGs' folder is named after it.

    Returns:
        PanopticWriter: What was written.

    Raises:
        FileNotFoundError: A file is missing.
        FileExistsError: The output is there already.
        ValueError: The JSON isn't a panoptic one or disagrees with a PNG.
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
    """``frankfurt_000000_000294`` to its file below the folder."""
    city = str(image_id).split('_')[0]
    name = f'{city}/{image_id}{_IMAGE_SUFFIX}'
    if not Path(image_dir, name).is_file():
        raise FileNotFoundError(
            f'The image {Path(image_dir, name)} of {image_id} does not exist: '
            'the folder must be that of the split, such as leftImg8bit/val.'
        )
    return name


def renumber(ids: np.ndarray, segments_info: list, path: str) -> tuple:
    """Number the segments from 1.

    Args:
        ids (np.ndarray): (H, W) segment ids of a PNG.
        segments_info (list): Its segments.
        path (str): Name of the PNG, for the messages.

    Returns:
        tuple: (H, W) new ids, and ``id``, ``category_id`` and ``iscrowd`` of
        each segment.

    Raises:
        ValueError: The PNG has an id that isn't listed.
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
