"""Loading of panoptic ground truth."""

import numpy as np
from mmdet.datasets.transforms import LoadPanopticAnnotations
from mmdet.registry import TRANSFORMS
from mmdet.structures.mask import BitmapMasks
from mmengine.fileio import get

from ...structures.segment_ids import (
    check_same_size,
    decode_segment_ids,
    find_runs,
    index_segments,
)

# Value of the semantic map where nothing is labelled.
IGNORE_LABEL = 255


@TRANSFORMS.register_module()
class LoadPanopticSegments(LoadPanopticAnnotations):
    """Loads boxes, labels, masks and the semantic map of an image.

    Differs from `LoadPanopticAnnotations` in that

    - the PNG's ids are looked up all at once, where upstream compares the
      whole image with one segment after the other;
    - crowds have masks too, so that masks, boxes and ``gt_ignore_flags`` of
      `EPSNetPanopticDataset` belong together;
    - a PNG that doesn't fit its image or its annotation is an error.

    Needs ``ori_shape``, so it comes after the image is loaded. Arguments,
    required and added keys are upstream's.
    """

    def _load_masks_and_semantic_segs(self, results: dict) -> None:
        """Add ``gt_masks`` (N, H, W) uint8 and ``gt_seg_map`` (H, W) int32.

        Args:
            results (dict): With ``seg_map_path``, ``segments_info`` and
                ``ori_shape``. A ``seg_map_path`` of None, on images without
                ground truth, adds nothing.

        Raises:
            ValueError: The PNG can't be read as 8-bit RGB, differs in size
                from the image, or has an id that ``segments_info`` lacks.
        """
        path = results.get('seg_map_path')
        if path is None:
            return
        segments = results['segments_info']
        unusable_ids = results.get('unusable_ids', [])
        ids = decode_segment_ids(get(path, backend_args=self.backend_args), path)
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
            labels = [IGNORE_LABEL] * (1 + len(segments) + len(unusable_ids))
            labels[1 : 1 + len(segments)] = [x['category'] for x in segments]
            labels = np.array(labels, dtype=np.int32)
            results['gt_seg_map'] = np.repeat(labels[index], lengths).reshape(ids.shape)
