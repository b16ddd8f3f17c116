"""Tensor functions of EPSNet; they import nothing but PyTorch.

Shape legend, used in every docstring of the package:

=====  ==============================================================
N      images in a batch
K      prototypes
D      detections or instances of one image
S      stuff classes
T      thing classes
A      anchors of one image
h, w   height and width of the prototypes (a quarter of the input)
H, W   height and width of an image
=====  ==============================================================
"""

from .bounded_cache import BoundedCache
from .boxes import clip_boxes, pairwise_iou, scale_boxes
from .fast_nms import fast_nms
from .greedy_nms import greedy_nms, separate_classes
from .masks import (
    InstanceMasks,
    assemble_instance_masks,
    box_crop_mask,
    linear_combination,
    prototype_windows,
)
from .overlap import resolve_overlaps
from .positions import POSITION_TERMS, append_positions, positions_in_image
from .resample import BilinearAxis, image_axes, image_size, resample, source_scales
from .semantic import dense_label_map, semantic_targets, sparse_label_map

__all__ = [
    'POSITION_TERMS',
    'BilinearAxis',
    'BoundedCache',
    'InstanceMasks',
    'append_positions',
    'assemble_instance_masks',
    'box_crop_mask',
    'clip_boxes',
    'dense_label_map',
    'fast_nms',
    'greedy_nms',
    'image_axes',
    'image_size',
    'linear_combination',
    'pairwise_iou',
    'positions_in_image',
    'prototype_windows',
    'resample',
    'resolve_overlaps',
    'scale_boxes',
    'semantic_targets',
    'separate_classes',
    'source_scales',
    'sparse_label_map',
]
