"""The released network's random crop."""

import math

from epsnet_runtime.coco.segment_runs import measure_segments

import numpy as np
import torch
from mmdet.datasets.transforms import RandomCrop
from mmdet.registry import TRANSFORMS

from .load_panoptic_segments import unlabelled_of


@TRANSFORMS.register_module()
class CenterKeepingCrop(RandomCrop):
    """Random crop that keeps the segments whose box center lies inside.

    `RandomCrop` keeps what the crop touches. As in the released network, this one

    - drops each thing, crowd and stuff segment whose box center is not inside the
      crop. A dropped instance loses its box, label, mask and flag; a dropped stuff
      segment becomes unlabelled. Pixels of a dropped thing keep their label in the
      semantic map: there they are still "other" than stuff;
    - chooses among the crops that keep at least one thing or stuff segment, each
      with the same probability. This is what drawing until one stays comes to.

    The box of a stuff segment is that of its class in the semantic map, because
    COCO panoptic has one segment for each stuff class of an image.

    An image with neither things nor stuff gives None, so that the dataset draws
    another one. The release also never trains on images without things, and skips a
    batch that holds an image whose only things are crowds. Set
    `filter_cfg=dict(filter_without_things=True)` in the dataset for that: both kinds
    of images are then left out at the start. The one difference is that no batch is
    skipped because of its other image.

    Needs `segments_info`, `gt_bboxes` and `gt_seg_map`; keys and the other arguments
    are upstream's.

    Args:
        crop_size: (width, height), see `crop_type`.
        crop_type: Whether `crop_size` is in pixels or a share of the image.
        recompute_bbox: Shrink the boxes to what the crop leaves of the masks.
        bbox_clip_border: Clip the boxes at the border of the crop.
    """

    def __init__(
        self,
        crop_size: tuple[int, int] | tuple[float, float],
        crop_type: str = 'absolute',
        recompute_bbox: bool = False,
        bbox_clip_border: bool = True,
    ) -> None:
        # Upstream asks for a box in the crop; here, stuff alone is enough.
        super().__init__(
            crop_size,
            crop_type,
            allow_negative_crop=True,
            recompute_bbox=recompute_bbox,
            bbox_clip_border=bbox_clip_border,
        )

    def _crop_data(
        self, results: dict, crop_size: tuple[int, int], allow_negative_crop: bool
    ) -> dict | None:
        """Choose the crop and mark what it drops, for upstream to crop.

        Args:
            results: The image and its ground truth; changed in place.
            crop_size: (height, width) in pixels.
            allow_negative_crop: See `RandomCrop`.

        Returns:
            The cropped results; None if no crop keeps a thing or stuff segment.
        """
        boxes, labels = results['gt_bboxes'], results['gt_seg_map']
        instances = boxes.centers.numpy()
        crowd = results.get('gt_ignore_flags', np.zeros(len(instances), bool))
        stuff = _stuff_centers(labels, results['segments_info'])
        margin = (labels.shape[0] - crop_size[0], labels.shape[1] - crop_size[1])
        wanted = [*instances[~crowd], *stuff.values()]
        choices = np.argwhere(_keeps_one(wanted, crop_size, margin))
        if not len(choices):
            return None
        self._offset = tuple(choices[np.random.randint(len(choices))].tolist())
        kept = np.array([self._inside(x, crop_size) for x in instances], bool)
        # Outside of the crop: upstream drops all that belongs to these boxes.
        boxes.tensor[torch.from_numpy(~kept)] = -1
        dropped = [x for x, c in stuff.items() if not self._inside(c, crop_size)]
        if dropped:
            rest = np.isin(labels, dropped, invert=True)
            results['gt_seg_map'] = np.where(rest, labels, unlabelled_of(results))
        return super()._crop_data(results, crop_size, allow_negative_crop)

    def _rand_offset(self, margin: tuple[int, int]) -> tuple[int, int]:
        """(top, left) of the crop that `_crop_data` has chosen."""
        return self._offset

    def _inside(self, center: np.ndarray, crop_size: tuple[int, int]) -> bool:
        return all(
            start < value < start + size
            for start, value, size in zip(
                self._offset, center[::-1], crop_size, strict=True
            )
        )


def _stuff_centers(
    labels: np.ndarray, segments_info: list[dict]
) -> dict[int, np.ndarray]:
    """Center (x, y) of the box of each stuff class of an image.

    Args:
        labels: (H, W) semantic map.
        segments_info: With `category`, `is_thing` and `is_crowd`.
    """
    classes = {
        segment['category']
        for segment in segments_info
        if not segment['is_thing'] and not segment.get('is_crowd', False)
    }
    # 0 is a label, but no segment id.
    boxes = {
        label - 1: np.array(box)
        for label, (_, box) in measure_segments(labels + 1).items()
    }
    return {
        label: box[:2] + box[2:] / 2 for label, box in boxes.items() if label in classes
    }


def _keeps_one(
    centers: list[np.ndarray], size: tuple[int, int], margin: tuple[int, int]
) -> np.ndarray:
    """Which crops have a center inside.

    Args:
        centers: (x, y) of each segment, in pixels.
        size: (height, width) of the crop.
        margin: Largest offset of the crop, down and right.

    Returns:
        (margin + 1) bool, by the crop's top and left pixel.
    """
    keeps = np.zeros((margin[0] + 1, margin[1] + 1), bool)
    for x, y in centers:
        keeps[_offsets(y, size[0]), _offsets(x, size[1])] = True
    return keeps


def _offsets(center: float, size: int) -> slice:
    """The integers o with o < center < o + size; none below 0."""
    return slice(max(math.floor(center - size) + 1, 0), max(math.ceil(center), 0))
