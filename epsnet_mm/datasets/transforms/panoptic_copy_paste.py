"""Copy-paste augmentation of panoptic ground truth."""

import random
from collections.abc import Sized

import numpy as np
from mmcv.transforms.utils import cache_randomness
from mmdet.datasets.transforms import CopyPaste
from mmdet.registry import TRANSFORMS

from .load_panoptic_segments import unlabelled_of

INSTANCE_KEYS = ('gt_bboxes', 'gt_bboxes_labels', 'gt_masks', 'gt_ignore_flags')


@TRANSFORMS.register_module()
class PanopticCopyPaste(CopyPaste):
    """Pastes things of another image, and keeps the semantic map consistent.

    Differs from `CopyPaste` in that

    - ``gt_seg_map`` gets the labels of the pasted things. Where upstream drops
      a thing that still shows a little, the rest of it becomes unlabelled;
    - crowds are never pasted, because they are no single things. Those of the
      destination stay, and lose the pixels that are covered;
    - things without any visible pixel are always dropped;
    - all boxes, also those of pasted things, are the boxes of the masks;
    - the image keeps its dtype.

    Both images must have the same size, so cropping comes before. Transforms of one
    image belong to the inner dataset::

        train_dataloader = dict(dataset=dict(
            type='MultiImageMixDataset',
            dataset=dict(type='EPSNetPanopticDataset', ..., pipeline=[..., crop]),
            pipeline=[dict(type='PanopticCopyPaste'), dict(type='PackDetInputs')],
        ))

    Args:
        max_num_pasted: things that are pasted, at most one less than this; their
            number is drawn uniformly, and may be 0
        bbox_occluded_thr: a partly covered thing stays if no side of its box moved by
            more pixels than this,
        mask_occluded_thr: or if more pixels than this still show
    """

    def __init__(
        self,
        max_num_pasted: int = 100,
        bbox_occluded_thr: int = 10,
        mask_occluded_thr: int = 300,
    ) -> None:
        super().__init__(max_num_pasted, bbox_occluded_thr, mask_occluded_thr)

    @cache_randomness
    def get_indexes(self, dataset: Sized) -> int:
        """Draw the image to copy from. Upstream may draw one past the last."""
        return random.randrange(len(dataset))

    def transform(self, results: dict) -> dict:
        """Paste things of ``mix_results[0]`` into the image.

        Args:
            results: image of (H, W, C), boxes, labels, flags, masks of (N, H, W) and
                semantic map of (H, W), as `LoadPanopticSegments` gives them; and the
                same of another image in ``mix_results``

        Raises:
            ValueError: there is no panoptic ground truth, or the sizes differ
        """
        (source,) = results['mix_results']
        for image in (results, source):
            if image.get('gt_seg_map') is None or image.get('gt_masks') is None:
                raise ValueError(
                    'PanopticCopyPaste needs masks and a semantic map: load both '
                    'images with LoadPanopticSegments.'
                )
        if results['img'].shape != source['img'].shape:
            raise ValueError(
                'PanopticCopyPaste needs two images of the same size, but these are '
                f'{results["img"].shape[:2]} and {source["img"].shape[:2]}: resize, '
                'crop or pad images to one size before.'
            )
        return super().transform(results)

    def _select_object(self, results: dict) -> dict:
        """Draw things from the source; crowds are left out."""
        _select(results, ~results['gt_ignore_flags'].astype(bool))
        return super()._select_object(results)

    def _copy_paste(self, dst_results: dict, src_results: dict) -> dict:
        """Paste, then bring the semantic map in line with the masks."""
        dtype = dst_results['img'].dtype
        was_instance = dst_results['gt_masks'].masks.any(axis=0)

        results = super()._copy_paste(dst_results, src_results)

        results['img'] = results['img'].astype(dtype)
        _select(results, results['gt_masks'].masks.any(axis=(1, 2)))
        box_type = type(results['gt_bboxes'])
        results['gt_bboxes'] = results['gt_masks'].get_bboxes(box_type)
        semantic = results['gt_seg_map'].copy()
        is_instance = results['gt_masks'].masks.any(axis=0)
        semantic[was_instance & ~is_instance] = unlabelled_of(results)
        pasted = zip(
            src_results['gt_bboxes_labels'], src_results['gt_masks'].masks, strict=True
        )
        for label, mask in pasted:
            semantic[mask > 0] = label
        results['gt_seg_map'] = semantic
        return results


def _select(results: dict, keep: np.ndarray) -> None:
    """Keep the instances whose entry in the (N,) mask `keep` is True."""
    for key in INSTANCE_KEYS:
        results[key] = results[key][keep]
