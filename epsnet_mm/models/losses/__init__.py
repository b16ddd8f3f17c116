from .box_normalized_mask_loss import BoxNormalizedMaskLoss
from .hard_negative_cross_entropy_loss import HardNegativeCrossEntropyLoss
from .pixel_cross_entropy_loss import PixelCrossEntropyLoss

__all__ = [
    'BoxNormalizedMaskLoss',
    'HardNegativeCrossEntropyLoss',
    'PixelCrossEntropyLoss',
]
