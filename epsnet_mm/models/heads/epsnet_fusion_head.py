"""Fusion of both tasks into one panoptic map (section 3.2)."""

from collections.abc import Callable, Sequence
from typing import Literal

import torch
from mmdet.evaluation import INSTANCE_OFFSET
from mmdet.models.seg_heads import BasePanopticFusionHead
from mmdet.registry import MODELS
from mmengine.structures import InstanceData, PixelData
from torch import Tensor

from ...functional import (
    BilinearAxis,
    BoundedCache,
    InstanceMasks,
    dense_label_map,
    image_axes,
    label_areas,
    resolve_overlaps,
    sparse_label_map,
)

_LABEL_MAPS = dict(dense=dense_label_map, sparse=sparse_label_map)


@MODELS.register_module()
class EPSNetFusionHead(BasePanopticFusionHead):
    """Instances in order of score, stuff on the pixels left over, the rest void.

    Unlike upstream's `HeuristicFusionHead`, pixels of "other" become void, and
    neither time nor memory grows with the number of instances times the size of
    the image.

    Args:
        num_things_classes: T.
        num_stuff_classes: S.
        label_map: How semantic logits become labels. `sparse` interpolates only
            where classes meet, `dense` everywhere; both give the same labels.
            `auto` is sparse on a CPU and dense elsewhere: there, the host would
            wait for the number of pixels.
        test_cfg: `mask_overlap`, share of an instance that may be taken by
            better ones before it is dropped; `stuff_area_limit`, pixels below
            which a stuff class becomes void.
        init_cfg: Initialization, for MMEngine.

    Raises:
        ValueError: `label_map` is none of the three.
    """

    TEST_CFG_KEYS = ('mask_overlap', 'stuff_area_limit')

    def __init__(
        self,
        num_things_classes: int,
        num_stuff_classes: int,
        label_map: Literal['auto', 'dense', 'sparse'] = 'auto',
        test_cfg: dict | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(
            num_things_classes, num_stuff_classes, test_cfg=test_cfg, init_cfg=init_cfg
        )
        if label_map not in ('auto', *_LABEL_MAPS):
            raise ValueError(
                f"EPSNetFusionHead has no label_map '{label_map}': use 'auto', "
                "'dense' or 'sparse'."
            )
        self.label_map = label_map
        self._axis = BoundedCache(BilinearAxis, max_results=32)

    def loss(self, **kwargs) -> dict:
        """Nothing is trained here."""
        return {}

    # `torch.compile` would compile it anew for each number of detections.
    @torch.compiler.disable
    def predict(
        self,
        masks: list[InstanceMasks],
        instances: list[InstanceData],
        semantic_logits: Sequence[Tensor],
        batch_img_metas: list[dict],
        rescale: bool = True,
    ) -> list[PixelData]:
        """Panoptic map of each image.

        Args:
            masks: For each image D masks at the size of the result, best first.
            instances: For each image their `labels`, (D,) thing classes.
            semantic_logits: For each image (S + 1, h, w), "other" last.
            batch_img_metas: `batch_input_shape`, `img_shape`, `ori_shape`.
            rescale: Maps of `ori_shape`, else of `img_shape`.

        Returns:
            `sem_seg` (1, H, W) int32: label + instance * INSTANCE_OFFSET with
            labels 0 .. T + S - 1 and T + S = void; stuff is instance 0.
        """
        results = []
        for found, detections, logits, meta in zip(
            masks, instances, semantic_logits, batch_img_metas, strict=True
        ):
            device = logits.device
            axes = image_axes(logits.shape[-2:], meta, device, rescale, self._axis)
            owner, covered = resolve_overlaps(found, self.test_cfg.mask_overlap, device)
            # In half precision, interpolated logits would often be equal.
            stuff = self._label_map(device)(logits.float(), owner > 0, covered, *axes)
            panoptic = self._merge(owner, detections.labels, stuff)
            results.append(PixelData(sem_seg=panoptic[None]))
        return results

    def _label_map(self, device: torch.device) -> Callable[..., Tensor]:
        """The function that makes label maps on this device."""
        automatic = 'sparse' if device.type == 'cpu' else 'dense'
        return _LABEL_MAPS[automatic if self.label_map == 'auto' else self.label_map]

    def _merge(self, owner: Tensor, classes: Tensor, stuff: Tensor) -> Tensor:
        """(H, W) int32 panoptic map.

        `stuff` holds semantic labels, S where an instance owns the pixel.
        """
        other = self.num_stuff_classes
        area = label_areas(stuff, other + 1)
        stuff_ids = torch.arange(other + 1, device=stuff.device)
        small = area < self.test_cfg.stuff_area_limit
        stuff_ids = stuff_ids.masked_fill(small, other) + self.num_things_classes
        instance = torch.arange(1, len(classes) + 1, device=classes.device)
        thing_ids = classes + instance * INSTANCE_OFFSET
        # One table for both: instance d has the row S + d + 1.
        return torch.cat([stuff_ids, thing_ids]).int()[stuff + owner]
