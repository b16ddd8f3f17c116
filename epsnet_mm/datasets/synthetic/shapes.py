"""Writes the embedded "shapes" dataset in COCO panoptic format.

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

from epsnet_runtime.coco.panoptic_writer import PanopticWriter

import numpy as np

from ...progress import show_progress
from ...structures.atomic_write import write_image
from .shapes_drawing import STUFF_COLORS, THING_COLORS, Scene, draw_scene

# Bumped whenever the same parameters give other images.
FORMAT_VERSION = 1
PARAMETERS_FILE = 'shapes.json'
MIN_SIZE = 32

CATEGORIES: list[dict] = [
    dict(id=i, name=name, isthing=1, color=list(color), supercategory='shape')
    for i, (name, color) in enumerate(THING_COLORS.items(), start=1)
] + [
    dict(id=i, name=name, isthing=0, color=list(color), supercategory='ground')
    for i, (name, color) in enumerate(STUFF_COLORS.items(), start=11)
]
_CATEGORY_IDS = {category['name']: category['id'] for category in CATEGORIES}


def encode_scene(
    scene: Scene, rng: np.random.Generator
) -> tuple[np.ndarray, list[dict]]:
    """Turn a scene into a map of segment ids and their description.

    Args:
        scene: The scene.
        rng: Draws the segment ids.

    Returns:
        (H, W) int64 map of ids, 0 where unlabelled, and one dict per
        segment: `id`, `category_id`, `iscrowd`.
    """
    # Ids use all three bytes, like COCO's, and 0 stays free for unlabelled,
    # which is the last entry, as UNLABELLED is -1.
    fresh_ids = rng.choice(2**24 - 1, len(scene.segments), replace=False) + 1
    ids = np.append(fresh_ids, 0)[scene.segment_map]
    segments = [
        dict(id=int(i), category_id=_CATEGORY_IDS[name], iscrowd=int(crowd))
        for i, (name, crowd) in zip(fresh_ids, scene.segments, strict=True)
    ]
    return ids, segments


def make_image(
    size: int, seed: int, split: str, index: int
) -> tuple[np.ndarray, np.ndarray, list[dict]]:
    """Make one image of a split; it depends on nothing but the arguments.

    Returns:
        (size, size, 3) uint8 BGR image, and what `encode_scene` gives.
    """
    rng = np.random.default_rng([seed, *split.encode(), index])
    scene = draw_scene(size, rng)
    return (scene.image, *encode_scene(scene, rng))


def _write_split(root: Path, split: str, count: int, size: int, seed: int) -> None:
    ann_file = root / 'annotations' / f'panoptic_{split}.json'
    with PanopticWriter(ann_file, CATEGORIES) as writer:
        for index in show_progress(range(count), f'Drawing {split}'):
            pixels, ids, segments = make_image(size, seed, split, index)
            name = f'{index:09d}.jpg'
            write_image(pixels, root / split / name)
            image = dict(id=index, file_name=name, width=size, height=size)
            writer.add(image, ids, segments)


def _already_made(out_dir: Path, parameters: dict[str, int]) -> bool:
    """Whether `out_dir` holds this very dataset; an error if another."""
    if not out_dir.exists() or (out_dir.is_dir() and not any(out_dir.iterdir())):
        return False
    try:
        found = json.loads((out_dir / PARAMETERS_FILE).read_text('utf-8'))
    except (OSError, ValueError):
        raise FileExistsError(
            f'{out_dir} exists and is not a shapes dataset (it has no valid '
            f'{PARAMETERS_FILE}): choose another folder.'
        ) from None
    if found != parameters:
        raise FileExistsError(
            f'{out_dir} holds a shapes dataset made with {found}, not with '
            f'{parameters}: remove it or choose another folder.'
        )
    return True


def make_shapes(
    out_dir: str, train: int = 600, val: int = 100, size: int = 160, seed: int = 0
) -> bool:
    """Write the dataset, unless an identical one is there already.

    All files go to a temporary folder beside `out_dir`, which is renamed at
    the end: an interrupted run leaves no incomplete dataset.

    Args:
        out_dir: Folder to make.
        train: Number of training images.
        val: Number of validation images.
        size: Side of the square images, pixels.
        seed: The same seed gives the same bytes.

    Returns:
        False if nothing had to be written.

    Raises:
        ValueError: A count, the size or the seed is out of range.
        FileExistsError: `out_dir` holds something else.
    """
    if train < 1 or val < 1 or size < MIN_SIZE or seed < 0:
        raise ValueError(
            f'train={train}, val={val}, size={size}, seed={seed}: the counts '
            f'must be 1 or more, size {MIN_SIZE} or more, seed 0 or more.'
        )
    parameters = dict(
        format_version=FORMAT_VERSION, train=train, val=val, size=size, seed=seed
    )
    target = Path(out_dir).absolute()
    if _already_made(target, parameters):
        return False

    target.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f'.{target.name}-', dir=target.parent))
    try:
        partial.chmod(0o755)
        for split, count in (('train', train), ('val', val)):
            _write_split(partial, split, count, size, seed)
        (partial / PARAMETERS_FILE).write_text(json.dumps(parameters), encoding='utf-8')
        if target.exists():
            target.rmdir()  # empty; Windows replaces no folder
        partial.replace(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return True
