"""The color distortion of the released network."""

import numpy as np
from mmdet.datasets.transforms import PhotoMetricDistortion
from mmdet.registry import TRANSFORMS


@TRANSFORMS.register_module()
class EPSNetPhotoMetricDistortion(PhotoMetricDistortion):
    """Distorts brightness, contrast, saturation and hue, but never swaps channels.

    Differs from `PhotoMetricDistortion` in the last draw only. mmdet 3.5 has a switch
    for it, mmdet 3.3 has none.
    """

    def _random_flags(self) -> tuple:
        *flags, _ = super()._random_flags()
        return (*flags, np.arange(3))
