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

from .assemble import linear_combination
from .boxes import clip_boxes, scale_boxes
from .crop import box_crop_mask, prototype_windows
from .fast_nms import fast_nms
from .masks import InstanceMasks, assemble_instance_masks
from .overlap import resolve_overlaps
from .resample import bilinear_matrix, bilinear_taps, resample, source_scales
from .semantic import semantic_label_map, semantic_targets

__all__ = [
    'InstanceMasks',
    'assemble_instance_masks',
    'bilinear_matrix',
    'bilinear_taps',
    'box_crop_mask',
    'clip_boxes',
    'fast_nms',
    'linear_combination',
    'prototype_windows',
    'resample',
    'resolve_overlaps',
    'scale_boxes',
    'semantic_label_map',
    'semantic_targets',
    'source_scales',
]
