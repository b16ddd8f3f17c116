"""Everything that reads what others have written."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .surfaces.checkpoints import CHECKPOINT_SURFACES
from .surfaces.cityscapes_converter import cityscapes_converter
from .surfaces.coco_converter import coco_converter
from .surfaces.config_options import OPTION_SURFACES
from .surfaces.config_values import config_values
from .surfaces.image_reader import IMAGE_SURFACES
from .surfaces.panoptic_json import JSON_SURFACES
from .surfaces.panoptic_png import PNG_SURFACES
from .surfaces.semantic_converter import semantic_converter


@dataclass(frozen=True)
class Surface:
    """A part of the project that takes input.

    Attributes:
        prepare: Called with an empty folder, gives the function that makes one input,
            uses it, and checks what came out.
        weight: Share of the inputs; higher where an input takes less time.
    """

    prepare: Callable[[Path], Callable[[random.Random], None]]
    weight: float


#: Weights of surfaces that need more or less time than the others.
_WEIGHTS = {
    'panoptic JSON, training': 60,
    'panoptic JSON, test': 60,
    'panoptic JSON, metric': 60,
    'panoptic PNG, decoder': 80,
    'panoptic PNG, training': 40,
    'panoptic PNG, metric': 40,
    'images, training': 60,
    'images, all flags': 60,
    'COCO instances converter': 25,
    'checkpoints, resume': 1,
    '--cfg-options, typos': 8,
    '--cfg-options, values': 8,
    'config values': 0.5,
}
_PREPARE = {
    **JSON_SURFACES,
    **PNG_SURFACES,
    **IMAGE_SURFACES,
    'COCO instances converter': coco_converter,
    'semantic masks converter': semantic_converter,
    'Cityscapes converter': cityscapes_converter,
    **CHECKPOINT_SURFACES,
    **OPTION_SURFACES,
    'config values': config_values,
}
SURFACES: dict[str, Surface] = {
    name: Surface(prepare, _WEIGHTS.get(name, 18)) for name, prepare in _PREPARE.items()
}
