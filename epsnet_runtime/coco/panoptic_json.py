"""Writes COCO panoptic annotation files."""

import json
from collections.abc import Sequence
from pathlib import Path

from ..atomic_write import write_atomically


def write_panoptic_json(
    path: Path,
    images: Sequence[dict],
    annotations: Sequence[dict],
    categories: Sequence[dict],
    description: str = '',
) -> None:
    """Write a COCO panoptic annotation file, complete or not at all.

    Args:
        path: The file; replaced if it exists.
        images: `id`, `file_name`, `height` and `width` of each image.
        annotations: Of each image, as `panoptic_annotation` gives.
        categories: `id`, `name` and `isthing` of each.
        description: What `info` says; '' for no `info`.

    Raises:
        OSError: If the file can't be written.
    """
    content = dict(info=dict(description=description)) if description else {}
    content.update(
        images=list(images), annotations=list(annotations), categories=list(categories)
    )
    write_atomically(json.dumps(content).encode(), path)
