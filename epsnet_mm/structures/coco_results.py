"""Turns panoptic id maps into COCO's panoptic format (JSON and id PNGs)."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from mmdet.evaluation import INSTANCE_OFFSET
from mmengine.config import Config

from .panoptic_map import mask_box


def coco_categories(metainfo: dict, category_ids: dict[str, int] | None) -> list[dict]:
    """The `categories` of the JSON, one per class label, in label order.

    Args:
        metainfo: Of the data set: `classes` and `thing_classes`.
        category_ids: Id of each class name; None for label + 1.

    Raises:
        ValueError: If `category_ids` lacks a class.
    """
    classes = metainfo['classes']
    if category_ids is None:
        category_ids = {name: label for label, name in enumerate(classes, 1)}
    missing = [name for name in classes if name not in category_ids]
    if missing:
        raise ValueError(
            f'The annotation file has no category named {missing[0]!r}, which '
            'the model predicts; point test_dataloader.dataset at the data '
            'set that the model was trained on.'
        )
    return [
        dict(
            id=int(category_ids[name]),
            name=name,
            isthing=int(name in metainfo['thing_classes']),
        )
        for name in classes
    ]


def read_category_ids(cfg: Config) -> dict[str, int] | None:
    """Category ids by name, from the annotation file that a config names.

    Args:
        cfg: With `test_dataloader.dataset`.

    Returns:
        None if the config names no file or the file is not on this machine,
        as usual where a model is only used, not evaluated.
    """
    dataset = cfg.test_dataloader.dataset
    if not dataset.get('ann_file'):
        return None
    path = Path(dataset.get('data_root') or '', dataset.ann_file)
    if not path.is_file():
        return None
    categories = json.loads(path.read_text(encoding='utf-8'))['categories']
    return {category['name']: category['id'] for category in categories}


def to_segments(
    ids: np.ndarray, categories: Sequence[dict], scores: dict[int, float]
) -> tuple[np.ndarray, list[dict]]:
    """Number the segments of one panoptic map and describe them.

    Args:
        ids: (H, W), label + instance number * INSTANCE_OFFSET; labels from
            `len(categories)` on are void.
        categories: As `coco_categories` gives.
        scores: Score in [0, 1] of thing ids.

    Returns:
        - (H, W) int64 segment numbers, 0 for void, else 1, 2, ...
        - `segments_info`: for each its `id` (that number), `category_id`,
          `isthing`, `area` in pixels, `bbox` (x, y, width, height), and
          `score` if it has one.
    """
    numbers = np.zeros(ids.shape, np.int64)
    segments = []
    for segment in np.unique(ids):
        label = int(segment) % INSTANCE_OFFSET
        if label >= len(categories):
            continue
        mask = ids == segment
        x1, y1, x2, y2 = mask_box(mask)
        segments.append(
            dict(
                id=len(segments) + 1,
                category_id=categories[label]['id'],
                isthing=categories[label]['isthing'],
                iscrowd=0,
                area=int(mask.sum()),
                bbox=[x1, y1, x2 - x1, y2 - y1],
            )
        )
        if int(segment) in scores:
            segments[-1]['score'] = round(scores[int(segment)], 5)
        numbers[mask] = len(segments)
    return numbers, segments


def write_json(
    path: Path,
    images: list[dict],
    annotations: list[dict],
    categories: Sequence[dict],
    description: str,
) -> None:
    """Write the JSON that goes with a folder of id PNGs."""
    path.write_text(
        json.dumps(
            dict(
                info=dict(description=description),
                images=images,
                annotations=annotations,
                categories=list(categories),
            )
        ),
        encoding='utf-8',
    )
