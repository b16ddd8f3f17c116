"""Writes the embedded "shapes" data set in COCO panoptic format.

The folder looks like COCO's::

    shapes/
      train/000000000.jpg ...
      val/...
      annotations/panoptic_train.json, panoptic_train/000000000.png ...
      annotations/panoptic_val.json, panoptic_val/...
      shapes.json                the parameters that made it
"""
import json
import shutil
import tempfile
from pathlib import Path
from typing import Dict, List, Tuple

import cv2
import numpy as np
from mmengine.utils import track_iter_progress

from .shapes_drawing import STUFF_COLORS, THING_COLORS, Scene, draw_scene

# Bumped whenever the same parameters give other pictures.
FORMAT_VERSION = 1
PARAMETERS_FILE = 'shapes.json'
MIN_SIZE = 32

CATEGORIES: List[dict] = [
    dict(id=i, name=name, isthing=1, color=list(color), supercategory='shape')
    for i, (name, color) in enumerate(THING_COLORS.items(), start=1)
] + [
    dict(id=i, name=name, isthing=0, color=list(color), supercategory='ground')
    for i, (name, color) in enumerate(STUFF_COLORS.items(), start=11)
]
_CATEGORY_IDS = {category['name']: category['id'] for category in CATEGORIES}


def encode_scene(scene: Scene,
                 rng: np.random.Generator) -> Tuple[np.ndarray, List[dict]]:
    """Turn a scene into a COCO panoptic id map and its ``segments_info``.

    Args:
        scene (Scene): The scene; hidden segments are left out.
        rng (Generator): Draws the segment ids.

    Returns:
        tuple: (H, W, 3) uint8 RGB map of ids (R + 256 G + 65536 B), and one
        dict per visible segment: ``id``, ``category_id``, ``iscrowd``,
        ``area`` in pixels and ``bbox`` (x, y, w, h) of the visible part.
    """
    ids = np.zeros(scene.segment_map.shape, dtype=np.int32)
    # Ids use all three bytes, like COCO's, and 0 stays free for unlabelled.
    fresh_ids = rng.choice(2**24 - 1, len(scene.segments), replace=False) + 1
    segments_info = []
    for index, (name, crowd) in enumerate(scene.segments):
        mask = scene.segment_map == index
        if not mask.any():
            continue
        ys, xs = np.nonzero(mask)
        x, y = int(xs.min()), int(ys.min())
        segments_info.append(
            dict(
                id=int(fresh_ids[index]),
                category_id=_CATEGORY_IDS[name],
                iscrowd=int(crowd),
                area=int(len(xs)),
                bbox=[x, y, int(xs.max()) + 1 - x, int(ys.max()) + 1 - y]))
        ids[mask] = fresh_ids[index]
    return np.stack([ids & 255, ids >> 8 & 255, ids >> 16],
                    axis=-1).astype(np.uint8), segments_info


def make_image(size: int, seed: int, split: str,
               index: int) -> Tuple[np.ndarray, np.ndarray, List[dict]]:
    """Make one image of a split; it depends on nothing but the arguments.

    Returns:
        tuple: (size, size, 3) uint8 BGR image, and what `encode_scene` gives.
    """
    rng = np.random.default_rng([seed, *split.encode(), index])
    scene = draw_scene(size, rng)
    return (scene.image, *encode_scene(scene, rng))


def _write_split(root: Path, split: str, count: int, size: int,
                 seed: int) -> None:
    image_dir = root / split
    segment_dir = root / 'annotations' / f'panoptic_{split}'
    image_dir.mkdir(parents=True)
    segment_dir.mkdir(parents=True)
    images, annotations = [], []
    for index in track_iter_progress(range(count)):
        image, id_map, segments_info = make_image(size, seed, split, index)
        stem = f'{index:09d}'
        _write_image(image_dir / f'{stem}.jpg', image)
        _write_image(segment_dir / f'{stem}.png', id_map[..., ::-1])
        images.append(
            dict(id=index, file_name=f'{stem}.jpg', width=size, height=size))
        annotations.append(
            dict(
                image_id=index,
                file_name=f'{stem}.png',
                segments_info=segments_info))
    content = dict(
        images=images, annotations=annotations, categories=CATEGORIES)
    path = root / 'annotations' / f'panoptic_{split}.json'
    path.write_text(json.dumps(content))


def _write_image(path: Path, image: np.ndarray) -> None:
    # OpenCV tells of a full disk or a forbidden folder by a return value.
    if not cv2.imwrite(str(path), image):
        raise OSError(f'Could not write {path}: check the free space of the '
                      'disk and the rights on the folder.')


def _already_made(out_dir: Path, parameters: Dict[str, int]) -> bool:
    """Whether ``out_dir`` holds just this data set; an error if another."""
    if not out_dir.exists() or (out_dir.is_dir()
                                and not any(out_dir.iterdir())):
        return False
    try:
        found = json.loads((out_dir / PARAMETERS_FILE).read_text())
    except (OSError, ValueError):
        raise FileExistsError(
            f'{out_dir} exists and is not a shapes data set (it has no valid '
            f'{PARAMETERS_FILE}): choose another folder.') from None
    if found != parameters:
        raise FileExistsError(
            f'{out_dir} holds a shapes data set made with {found}, not with '
            f'{parameters}: remove it or choose another folder.')
    return True


def make_shapes(out_dir: str,
                train: int = 600,
                val: int = 100,
                size: int = 160,
                seed: int = 0) -> bool:
    """Write the data set, unless an identical one is there already.

    All files go to a temporary folder beside ``out_dir``, which is renamed at
    the end: an interrupted run leaves no half-made data set.

    Args:
        out_dir (str): Folder to make.
        train (int): Number of training images.
        val (int): Number of validation images.
        size (int): Side of the square images, pixels.
        seed (int): Same seed, same bytes.

    Returns:
        bool: False if nothing had to be written.

    Raises:
        ValueError: A count, the size or the seed is out of range.
        FileExistsError: ``out_dir`` holds something else.
    """
    if train < 1 or val < 1 or size < MIN_SIZE or seed < 0:
        raise ValueError(
            f'train={train}, val={val}, size={size}, seed={seed}: the counts '
            f'must be 1 or more, size {MIN_SIZE} or more, seed 0 or more.')
    parameters = dict(
        format_version=FORMAT_VERSION,
        train=train,
        val=val,
        size=size,
        seed=seed)
    target = Path(out_dir).absolute()
    if _already_made(target, parameters):
        return False

    target.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(
        tempfile.mkdtemp(prefix=f'.{target.name}-', dir=target.parent))
    try:
        partial.chmod(0o755)
        for split, count in (('train', train), ('val', val)):
            _write_split(partial, split, count, size, seed)
        (partial / PARAMETERS_FILE).write_text(json.dumps(parameters))
        partial.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return True
