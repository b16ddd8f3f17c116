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
from .boxes import clip_boxes, mask_box, pairwise_iou, scale_boxes
from .detections import best_candidates, flatten_levels, image_boxes, thing_probs
from .fast_nms import fast_nms
from .greedy_nms import graph_greedy_nms, greedy_nms, separate_classes
from .masks import (
    InstanceMasks,
    assemble_instance_masks,
    box_crop_mask,
    image_windows,
    linear_combination,
    prototype_windows,
    upsample_window,
)
from .overlap import claim_pixels, resolve_overlaps
from .positions import POSITION_TERMS, append_positions, positions_in_image
from .resample import BilinearAxis, image_axes, image_size, resample, source_scales
from .semantic import (
    dense_label_map,
    graph_label_rows,
    label_areas,
    label_rows,
    semantic_targets,
    source_rows,
    sparse_label_map,
)

__all__ = [
    'POSITION_TERMS',
    'BilinearAxis',
    'BoundedCache',
    'InstanceMasks',
    'append_positions',
    'assemble_instance_masks',
    'best_candidates',
    'box_crop_mask',
    'claim_pixels',
    'clip_boxes',
    'dense_label_map',
    'fast_nms',
    'flatten_levels',
    'graph_greedy_nms',
    'graph_label_rows',
    'greedy_nms',
    'image_axes',
    'image_boxes',
    'image_size',
    'image_windows',
    'label_areas',
    'label_rows',
    'linear_combination',
    'mask_box',
    'pairwise_iou',
    'positions_in_image',
    'prototype_windows',
    'resample',
    'resolve_overlaps',
    'scale_boxes',
    'semantic_targets',
    'separate_classes',
    'source_rows',
    'source_scales',
    'sparse_label_map',
    'thing_probs',
    'upsample_window',
]
