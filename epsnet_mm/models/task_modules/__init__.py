from .best_anchor_assigner import BestAnchorAssigner
from .image_anchor_generator import ImageAnchorGenerator

__all__ = ['BestAnchorAssigner', 'ImageAnchorGenerator']
