from .best_anchor_assigner import BestAnchorAssigner
from .image_anchor_generator import ImageAnchorGenerator
from .scalar_bbox_coder import ScalarBBoxCoder

__all__ = ['BestAnchorAssigner', 'ImageAnchorGenerator', 'ScalarBBoxCoder']
