"""From data samples to the result objects of `epsnet_runtime`."""

from collections.abc import Callable, Mapping, Sequence

from epsnet_runtime.class_info import ClassInfo
from epsnet_runtime.panoptic_result import PanopticResult
from epsnet_runtime.sources.source_image import SourceImage

import numpy as np
from mmdet.structures import DetDataSample

from ..datasets.image_reader import ImageReader, as_rgb
from ..structures.panoptic_map import prediction_map, thing_scores
from ..structures.segment_numbers import result_segments
from ..visualization.palettes import class_colors
from .image_batches import pack_image


def result_classes(
    categories: Sequence[dict], dataset_meta: Mapping
) -> list[ClassInfo]:
    """The class list of a model.

    Args:
        categories: `id`, `name` and `isthing` of each class, in label order.
        dataset_meta: May have a `palette`.
    """
    colors = class_colors(dataset_meta.get('palette', 'random'), len(categories))
    return [
        ClassInfo(
            str(category['name']), bool(category['isthing']), color, category['id']
        )
        for category, color in zip(categories, colors, strict=True)
    ]


def read_and_pack(
    image: SourceImage, reader: ImageReader, pipeline: Callable[[dict], dict]
) -> tuple[np.ndarray, dict]:
    """Read an image, and make the model's input of it.

    Returns:
        The pixels as the reader gives them, and what the pipeline makes of them.

    Raises:
        ValueError: If one of the two fails.
    """
    pixels = image.read(reader)
    return pixels, pack_image(pipeline, image, pixels)


def make_result(
    image: SourceImage,
    pixels: np.ndarray,
    sample: DetDataSample,
    classes: Sequence[ClassInfo],
) -> PanopticResult:
    """Make the result of an image.

    Args:
        image: Its names.
        pixels: As its reader gives.
        sample: With `pred_panoptic_seg`, on any device.
        classes: As `result_classes` gives.

    Raises:
        ValueError: If there is no `pred_panoptic_seg`.
    """
    sample = sample.cpu()
    panoptic, segments = result_segments(
        prediction_map(sample),
        [entry.name for entry in classes],
        [entry.name for entry in classes if entry.isthing],
        thing_scores(sample),
    )
    return PanopticResult(
        panoptic,
        segments,
        classes,
        image.path,
        as_rgb(pixels),
        image.stem,
        image.file_name,
        image.image_id,
    )
