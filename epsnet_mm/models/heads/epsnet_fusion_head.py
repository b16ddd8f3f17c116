"""Fusion of both tasks into one panoptic map (section 3.2)."""

import torch
from mmdet.evaluation import INSTANCE_OFFSET
from mmdet.models.seg_heads import BasePanopticFusionHead
from mmdet.registry import MODELS
from mmengine.structures import InstanceData, PixelData
from torch import Tensor

from ...functional import (
    InstanceMasks,
    resolve_overlaps,
    semantic_label_map,
    source_scales,
)


@MODELS.register_module()
class EPSNetFusionHead(BasePanopticFusionHead):
    """Instances by score, stuff where they leave room, the rest void.

    Unlike upstream's `HeuristicFusionHead`, pixels of "other" become void, and
    neither time nor memory grows with the number of instances times the size of
    the image.

    Args:
        num_things_classes: T.
        num_stuff_classes: S.
        test_cfg: `mask_overlap`, share of an instance that may be taken by
            better ones before it is dropped; `stuff_area_limit`, pixels below
            which a stuff class becomes void.
    """

    def loss(self, **kwargs) -> dict:
        """Nothing is trained here."""
        return {}

    # Would be compiled anew for each number of detections.
    @torch.compiler.disable
    def predict(
        self,
        masks: list[InstanceMasks],
        instances: list[InstanceData],
        semantic_logits: Tensor,
        batch_img_metas: list[dict],
    ) -> list[PixelData]:
        """Panoptic map of each image.

        Args:
            masks: For each image D masks at original size, best first.
            instances: For each image their `labels`, (D,) thing classes.
            semantic_logits: (N, S + 1, h, w), "other" last.
            batch_img_metas: `batch_input_shape`, `img_shape`, `ori_shape`.

        Returns:
            `sem_seg` (1, H, W) int32: label + instance * INSTANCE_OFFSET with
            labels 0 .. T + S - 1 and T + S = void; stuff is instance 0.
        """
        results = []
        for found, detections, logits, meta in zip(
            masks, instances, semantic_logits, batch_img_metas, strict=True
        ):
            scales = source_scales(logits.shape[-2:], meta)
            owner, covered = resolve_overlaps(
                found, self.test_cfg.mask_overlap, logits.device
            )
            # Half precision would make ties where it mixes logits.
            stuff = semantic_label_map(logits.float(), owner > 0, covered, scales)
            panoptic = self._merge(owner, detections.labels, stuff)
            results.append(PixelData(sem_seg=panoptic[None]))
        return results

    def _merge(self, owner: Tensor, classes: Tensor, stuff: Tensor) -> Tensor:
        """(H, W) int32 panoptic map.

        `stuff` holds semantic labels, S where an instance owns the pixel.
        """
        other = self.num_stuff_classes
        area = stuff.new_zeros(other + 1)
        # Unlike bincount, doesn't wait for the device.
        area.index_add_(0, stuff.flatten(), area.new_ones(1).expand(stuff.numel()))
        stuff_ids = torch.arange(other + 1, device=stuff.device)
        small = area < self.test_cfg.stuff_area_limit
        stuff_ids = stuff_ids.masked_fill(small, other) + self.num_things_classes
        instance = torch.arange(1, len(classes) + 1, device=classes.device)
        thing_ids = classes + instance * INSTANCE_OFFSET
        # One table for both: instance d has the row S + d + 1.
        return torch.cat([stuff_ids, thing_ids]).int()[stuff + owner]
