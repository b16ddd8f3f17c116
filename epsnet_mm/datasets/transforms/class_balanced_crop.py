"""A crop that shows rare classes more often."""

import numpy as np
from mmdet.datasets.transforms import RandomCrop
from mmdet.registry import TRANSFORMS

from .load_panoptic_segments import unlabelled_of


@TRANSFORMS.register_module()
class ClassBalancedCrop(RandomCrop):
    """Random crop around a pixel of a class, where all classes are equally likely.

    Not in the paper. A plain crop mostly shows what covers most of the images. This one
    draws a class of those that the image has, things and stuff alike, then one of its
    pixels, then one of the crops that contain the pixel, each with equal probability.

    Needs `gt_seg_map`; keys and the other arguments are upstream's.

    Args:
        crop_size: (width, height), see `crop_type`.
        crop_type: Whether `crop_size` is in pixels or a share of the image.
        balanced_prob: Share of the crops that are drawn so, 0 to 1; the others are
            upstream's, where all positions are equally likely.
        recompute_bbox: Shrink the boxes to what the crop leaves of the masks.
        bbox_clip_border: Clip the boxes at the border of the crop.
    """

    def __init__(
        self,
        crop_size: tuple[int, int] | tuple[float, float],
        crop_type: str = 'absolute',
        balanced_prob: float = 1.0,
        recompute_bbox: bool = False,
        bbox_clip_border: bool = True,
    ) -> None:
        super().__init__(
            crop_size,
            crop_type,
            allow_negative_crop=True,
            recompute_bbox=recompute_bbox,
            bbox_clip_border=bbox_clip_border,
        )
        self.balanced_prob = balanced_prob

    def _crop_data(
        self, results: dict, crop_size: tuple[int, int], allow_negative_crop: bool
    ) -> dict:
        """Choose the pixel that the crop must contain, for upstream to crop.

        Args:
            results: The image and its ground truth; changed in place.
            crop_size: (height, width) in pixels.
            allow_negative_crop: See `RandomCrop`.
        """
        self._pixel, self._size = None, crop_size
        if np.random.random() < self.balanced_prob:
            self._pixel = _balanced_pixel(results['gt_seg_map'], unlabelled_of(results))
        return super()._crop_data(results, crop_size, allow_negative_crop)

    def _rand_offset(self, margin: tuple[int, int]) -> tuple[int, int]:
        """(top, left) of a crop that contains the pixel, if there is one."""
        if self._pixel is None:
            return super()._rand_offset(margin)
        return tuple(
            np.random.randint(max(at - size + 1, 0), min(at, most) + 1)
            for at, size, most in zip(self._pixel, self._size, margin, strict=True)
        )


def _balanced_pixel(labels: np.ndarray, unlabelled: int) -> tuple[int, int] | None:
    """(row, column) of a pixel of an equally likely class; None without labels.

    Args:
        labels: (H, W) semantic map.
        unlabelled: The label of pixels without a class.
    """
    classes = np.unique(labels)
    classes = classes[classes != unlabelled]
    if not len(classes):
        return None
    places = np.flatnonzero(labels == np.random.choice(classes))
    row, column = divmod(int(np.random.choice(places)), labels.shape[1])
    return row, column
