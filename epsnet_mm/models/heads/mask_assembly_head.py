"""Instance masks from prototypes and coefficients (section 3.1)."""

import torch
import torch.nn.functional as F
from mmdet.registry import MODELS
from mmdet.structures import SampleList
from mmengine.model import BaseModule
from mmengine.structures import InstanceData
from torch import Tensor

from ...functional import (
    BilinearAxis,
    BoundedCache,
    InstanceMasks,
    assemble_instance_masks,
    image_axes,
    linear_combination,
    scale_boxes,
)


@MODELS.register_module()
class MaskAssemblyHead(BaseModule):
    """Equation 2 and its loss; has no parameters.

    Args:
        max_positives: Positive anchors of an image whose masks are trained; a
            random choice if there are more.
        loss_mask: Loss over mask logits, targets and boxes.
        loss_dice: Further loss over whole masks: logits and targets, (D, h, w). The
            paper has none.
        test_cfg: `mask_thr_binary`, a pixel belongs to a mask above this
            probability; 0.5 if there is no `test_cfg`.
    """

    TEST_CFG_KEYS = ('mask_thr_binary',)

    def __init__(
        self,
        max_positives: int = 100,
        loss_mask: dict = dict(type='BoxNormalizedMaskLoss'),
        loss_dice: dict | None = None,
        test_cfg: dict | None = None,
    ) -> None:
        super().__init__()
        self.max_positives = max_positives
        self.loss_mask = MODELS.build(loss_mask)
        self.loss_dice = loss_dice and MODELS.build(loss_dice)
        self.test_cfg = test_cfg or dict(mask_thr_binary=0.5)
        self._axis = BoundedCache(BilinearAxis, max_results=32)

    def forward(
        self,
        prototypes: Tensor,
        coeffs: list[Tensor],
        relative_boxes: list[Tensor] | None = None,
    ) -> list[Tensor]:
        """Mask logits of each image, not cropped.

        Args:
            prototypes: (N, K, h, w).
            coeffs: For each image (D, K).
            relative_boxes: For each image (D, 4), if `mask_terms` needs them.

        Returns:
            For each image (D, h, w).
        """
        boxes = relative_boxes or [None] * len(coeffs)
        return [
            linear_combination(*self.mask_terms(*image))
            for image in zip(prototypes, coeffs, boxes, strict=True)
        ]

    def loss(
        self,
        prototypes: Tensor,
        positives: list[InstanceData],
        batch_data_samples: SampleList,
    ) -> dict[str, Tensor]:
        """Mask losses, L_m first: the mean over the positives of the batch.

        Args:
            prototypes: (N, K, h, w).
            positives: For each image `coeffs` (P, K), `gt_inds` (P,); if
                `mask_terms` needs them, `relative_boxes` (P, 4); and for a weighted
                mean `weights` (P,).
            batch_data_samples: With `gt_instances`: `bboxes` in input pixels and
                `masks`.
        """
        totals = dict(loss_mask=0)
        if self.loss_dice:
            totals['loss_dice'] = 0
        total_weight = 0
        for protos, found, sample in zip(
            prototypes, positives, batch_data_samples, strict=True
        ):
            chosen = self._choose(len(found.gt_inds), protos.device)
            trained = found[chosen]
            targets, boxes = self._targets(sample, protos)
            targets, boxes = targets[trained.gt_inds], boxes[trained.gt_inds]
            logits = linear_combination(
                *self.mask_terms(protos, trained.coeffs, trained.get('relative_boxes'))
            )
            losses = dict(loss_mask=self.loss_mask(logits, targets, boxes))
            if self.loss_dice:
                losses['loss_dice'] = self.loss_dice(
                    logits, targets, reduction_override='none'
                )
            weights = found.get('weights', boxes.new_ones(len(found)))
            total_weight = total_weight + weights.sum()
            share = len(found) / max(len(trained), 1)
            for name, loss in losses.items():
                totals[name] = totals[name] + (loss * weights[chosen]).sum() * share
        total_weight = total_weight.clamp(min=1)
        return {name: total / total_weight for name, total in totals.items()}

    def mask_terms(
        self, prototypes: Tensor, coeffs: Tensor, relative_boxes: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """What is combined to the mask logits of one image.

        Args:
            prototypes: (K, h, w).
            coeffs: (D, K).
            relative_boxes: (D, 4) over the size of the input; for subclasses.

        Returns:
            Maps, here the prototypes, and the coefficients of each instance.
        """
        return prototypes, coeffs

    # `torch.compile` would compile it anew for each number of detections.
    @torch.compiler.disable
    def predict(
        self,
        prototypes: Tensor,
        instances: list[InstanceData],
        batch_img_metas: list[dict],
        rescale: bool = True,
    ) -> list[InstanceMasks]:
        """Masks of each image, best detection first.

        Args:
            prototypes: (N, K, h, w).
            instances: For each image `relative_boxes` (D, 4) over the size of
                the input, `bboxes` (D, 4) in pixels of the image that the masks
                are for, and `coeffs` (D, K).
            batch_img_metas: `batch_input_shape`, `img_shape`, `ori_shape`.
            rescale: Masks of the size `ori_shape`, else `img_shape`.
        """
        # Full precision costs little here, and mask edges depend on it. As a
        # decorator, one autocast object would be shared by all threads.
        with (
            torch.autocast('cuda', enabled=False),
            torch.autocast('cpu', enabled=False),
        ):
            return [
                self._assemble(*image, rescale)
                for image in zip(
                    prototypes.float(), instances, batch_img_metas, strict=True
                )
            ]

    def _assemble(
        self, prototypes: Tensor, found: InstanceData, meta: dict, rescale: bool
    ) -> InstanceMasks:
        """Masks of one image."""
        size = prototypes.shape[-2:]
        boxes = _to_prototype_pixels(found.relative_boxes, prototypes)
        # A box without a whole pixel of the image has no mask.
        corners = found.bboxes.long()
        empty = (corners[:, 2:] <= corners[:, :2]).any(dim=1, keepdim=True)
        boxes = boxes.masked_fill(empty, -2)
        maps, coeffs = self.mask_terms(
            prototypes, found.coeffs.float(), found.relative_boxes
        )
        return assemble_instance_masks(
            maps,
            coeffs,
            boxes,
            *image_axes(size, meta, prototypes.device, rescale, self._axis),
            self.test_cfg['mask_thr_binary'],
        )

    def _choose(self, count: int, device: torch.device) -> Tensor | slice:
        """Which of an image's positives are trained."""
        if count <= self.max_positives:
            return slice(None)
        return torch.randperm(count, device=device)[: self.max_positives]

    @staticmethod
    def _targets(sample, prototypes: Tensor) -> tuple[Tensor, Tensor]:
        """(G, h, w) in {0, 1} and (G, 4) boxes, both in prototype pixels."""
        truth, size = sample.gt_instances, prototypes.shape[-2:]
        # Bytes travel; floats, four times as large, are made on the device.
        masks = truth.masks.to_tensor(torch.uint8, prototypes.device)
        if len(masks):
            masks = F.interpolate(
                masks[None].float(), size, mode='bilinear', align_corners=False
            )[0]
        else:
            masks = prototypes.new_zeros((0, *size))
        height, width = sample.batch_input_shape
        relative = scale_boxes(truth.bboxes, 1 / width, 1 / height)
        return (masks > 0.5).float(), _to_prototype_pixels(relative, prototypes)


def _to_prototype_pixels(relative_boxes: Tensor, prototypes: Tensor) -> Tensor:
    """Boxes (D, 4) over the size of the input in pixels of (K, h, w) prototypes."""
    h, w = prototypes.shape[-2:]
    return scale_boxes(relative_boxes, w, h)
