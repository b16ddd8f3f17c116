"""Loading of panoptic ground truth."""

from epsnet_runtime.coco.segment_runs import find_runs

import numpy as np
from mmdet.datasets.transforms import LoadPanopticAnnotations
from mmdet.registry import TRANSFORMS
from mmdet.structures.mask import BitmapMasks

from ...structures.label_range import unlabelled_value
from ...structures.segment_ids import (
    check_same_size,
    index_segments,
    read_segment_ids,
)


def unlabelled_of(results: dict) -> int:
    """The value of the semantic map of an image where nothing is labelled.

    Args:
        results: With the dataset's `num_classes`, or without it where the dataset is
            another one than `EPSNetPanopticDataset`.
    """
    return unlabelled_value(results.get('num_classes', 0))


@TRANSFORMS.register_module()
class LoadPanopticSegments(LoadPanopticAnnotations):
    """Loads boxes, labels, masks and the semantic map of an image.

    Differs from `LoadPanopticAnnotations` in these points:

    - The ids of the PNG are looked up all at once, where upstream compares the whole
      image with one segment after the other.
    - Crowds have masks too, so that masks, boxes and `gt_ignore_flags` of
      `EPSNetPanopticDataset` belong together.
    - A PNG that does not fit its image or its annotation is an error.
    - Unlabelled pixels are 65535 instead of 255 in a dataset with more than 255
      classes, where 255 is a class.

    Needs `ori_shape`, so it comes after the image is loaded. Arguments, required and
    added keys are upstream's.
    """

    def _load_masks_and_semantic_segs(self, results: dict) -> None:
        """Add `gt_masks` (N, H, W) uint8 and `gt_seg_map` (H, W) int32.

        Args:
            results: With `seg_map_path`, `segments_info`, `ori_shape` and, from
                `EPSNetPanopticDataset`, `unusable_ids`, whose pixels are unlabelled,
                and `num_classes`. A `seg_map_path` of None, on images without ground
                truth, adds nothing.

        Raises:
            ValueError: The PNG cannot be read as 8-bit RGB, differs in size from the
                image, or has an id that `segments_info` lacks.
        """
        path = results.get('seg_map_path')
        if path is None:
            return
        segments = results['segments_info']
        unusable_ids = results.get('unusable_ids', [])
        ids = read_segment_ids(path, self.backend_args)
        check_same_size(ids, results['ori_shape'], path)
        starts, lengths = find_runs(ids)
        index = index_segments(
            ids.ravel()[starts],
            [segment['id'] for segment in segments] + unusable_ids,
            path,
        )
        if self.with_mask:
            instances = [
                position
                for position, segment in enumerate(segments, start=1)
                if segment['is_thing'] or segment.get('is_crowd', False)
            ]
            # Small integers are compared many at a time.
            dtype = np.min_scalar_type(len(segments) + len(unusable_ids))
            index_map = np.repeat(index.astype(dtype), lengths)
            masks = (
                index_map.reshape(ids.shape)
                == np.array(instances, dtype=dtype)[:, None, None]
            )
            results['gt_masks'] = BitmapMasks(masks.view(np.uint8), *ids.shape)
        if self.with_seg:
            labels = [unlabelled_of(results)] * (1 + len(segments) + len(unusable_ids))
            labels[1 : 1 + len(segments)] = [x['category'] for x in segments]
            labels = np.array(labels, dtype=np.int32)
            results['gt_seg_map'] = np.repeat(labels[index], lengths).reshape(ids.shape)
