"""Instance head with a tower per task and boxes of known quality (EPSNet+)."""

from collections.abc import Sequence

import torch
from mmdet.models.utils import multi_apply
from mmdet.registry import MODELS
from mmdet.structures import SampleList
from mmdet.structures.bbox import bbox_overlaps
from mmengine.structures import InstanceData
from torch import Tensor, nn

from ...functional import POSITION_TERMS, scale_boxes
from .base_epsnet_instance_head import BaseEPSNetInstanceHead, conv_tower


@MODELS.register_module()
class DecoupledInstanceHead(BaseEPSNetInstanceHead):
    """Boxes, their quality per class, and mask coefficients.

                      +-> tower -> 3x3 conv ----------> T quality logits
        P3 .. P7 -----|
                      +-> tower -+-> 3x3 conv --------> 4 box deltas
                                 +-> 3x3 conv --------> K + 6 coefficients

    Not in the paper. Differs from `EPSNetInstanceHead` in that

    - each task has a tower of convolutions of its own (FCOS, RetinaNet);
    - a position has one anchor, which ATSS assigns by the statistics of each object;
    - the score of a class is the IoU that its box will have (quality focal loss,
      GFL), so that there is no background class;
    - boxes are trained by their overlap (GIoU) instead of their deltas;
    - six more coefficients weigh the position inside of the box, see
      `PositionedMaskHead`.

    Args:
        num_classes: T, thing classes.
        num_prototypes: K.
        in_channels: Channels of the pyramid.
        feat_channels: Channels of the towers.
        num_head_convs: Blocks of each tower.
        anchor_generator: With one anchor per position.
        bbox_coder: Box deltas from boxes and back.
        loss_cls: Loss over logits (A, T) and a tuple of labels and qualities (A,).
        loss_bbox: Loss over boxes in pixels.
        class_weight: T weights of the objects of each class in all losses, masks
            included; all equal if there are none.
        norm_cfg: Normalization of the towers.
        train_cfg, test_cfg: See `BaseEPSNetInstanceHead`; `assigner` takes what
            `ATSSAssigner` takes.
        init_cfg: Initialization, for MMEngine.

    Raises:
        ValueError: The anchor generator has several anchors per position, or
            `class_weight` has not a weight for each class.
    """

    def __init__(
        self,
        num_classes: int,
        num_prototypes: int = 32,
        in_channels: int = 256,
        feat_channels: int = 256,
        num_head_convs: int = 2,
        anchor_generator: dict = dict(
            type='ImageAnchorGenerator',
            strides=[8, 16, 32, 64, 128],
            base_sizes=[24, 48, 96, 192, 384],
            scales=[1.0],
            ratios=[1.0],
        ),
        bbox_coder: dict = dict(
            type='ScalarBBoxCoder', target_stds=[0.1, 0.1, 0.2, 0.2]
        ),
        loss_cls: dict = dict(type='QualityFocalLoss'),
        loss_bbox: dict = dict(type='GIoULoss', loss_weight=2.0),
        class_weight: Sequence[float] | None = None,
        norm_cfg: dict = dict(type='GN', num_groups=32),
        train_cfg: dict | None = None,
        test_cfg: dict | None = None,
        init_cfg: dict | None = dict(
            type='Xavier',
            layer='Conv2d',
            distribution='uniform',
            bias=0,
            # Objects are rare. Else background would fill the first updates.
            override=dict(type='Normal', name='conv_cls', std=0.01, bias_prob=0.01),
        ),
    ) -> None:
        super().__init__(
            num_classes,
            num_prototypes,
            anchor_generator,
            bbox_coder,
            loss_cls,
            loss_bbox,
            train_cfg,
            test_cfg,
            init_cfg,
        )
        if set(self.prior_generator.num_base_priors) != {1}:
            raise ValueError(
                'DecoupledInstanceHead has one anchor per position: give '
                '`anchor_generator` one scale and one ratio.'
            )
        if class_weight is not None and len(class_weight) != num_classes:
            raise ValueError(
                f'DecoupledInstanceHead has {len(class_weight)} entries in '
                f'`class_weight`, but there are {num_classes} thing classes: give one '
                'for each.'
            )
        weight = torch.tensor(class_weight or [1] * num_classes, dtype=torch.float)
        # Moves with the module; not in checkpoints.
        self.register_buffer('class_weight', weight, persistent=False)
        self.cls_convs = conv_tower(
            in_channels, feat_channels, num_head_convs, norm_cfg
        )
        self.reg_convs = conv_tower(
            in_channels, feat_channels, num_head_convs, norm_cfg
        )
        logits, deltas, coeffs = self.output_channels
        self.conv_cls = nn.Conv2d(feat_channels, logits, 3, padding=1)
        self.conv_reg = nn.Conv2d(feat_channels, deltas, 3, padding=1)
        self.conv_coeff = nn.Conv2d(feat_channels, coeffs, 3, padding=1)

    @property
    def output_channels(self) -> tuple[int, int, int]:
        """T, 4 and K + 6; one logit without things, which is never used."""
        return max(self.num_classes, 1), 4, self.num_prototypes + POSITION_TERMS

    def thing_probs(self, logits: Tensor) -> Tensor:
        """Sigmoid: a quality for each class."""
        return logits.sigmoid() if self.num_classes else torch.zeros_like(logits)

    def forward(self, feats: Sequence[Tensor]) -> tuple[list[Tensor], ...]:
        """Raw outputs of the finest levels, as many as there are anchor sizes.

        Args:
            feats: Pyramid levels, each (N, C, H_l, W_l).

        Returns:
            Logits (N, T, H_l, W_l), box deltas (N, 4, H_l, W_l) and coefficients
            (N, K + 6, H_l, W_l), each a list over levels. Those of prototypes are
            in [-1, 1], those of the position are not bounded.
        """
        return multi_apply(
            self._forward_level, feats[: self.prior_generator.num_levels]
        )

    def _forward_level(self, feat: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x = y = feat
        for conv in self.cls_convs:
            x = conv(x)
        for conv in self.reg_convs:
            y = conv(y)
        coeffs = self.conv_coeff(y)
        of_prototypes = coeffs[:, : self.num_prototypes].tanh()
        coeffs = torch.cat([of_prototypes, coeffs[:, self.num_prototypes :]], dim=1)
        return self.conv_cls(x), self.conv_reg(y), coeffs

    def loss(
        self, feats: Sequence[Tensor], batch_data_samples: SampleList
    ) -> tuple[dict[str, Tensor], list[InstanceData]]:
        """Losses of scores and boxes, and what the mask loss needs.

        Args:
            feats: Pyramid levels, each (N, C, H_l, W_l).
            batch_data_samples: With `gt_instances` and `ignored_instances`.

        Returns:
            `loss_cls` and `loss_bbox`; for each image its positive anchors:
            `coeffs` (P, K + 6), `relative_boxes` (P, 4), predicted, over the size of
            the input, `gt_inds` (P,), the object of each, and `weights` (P,).
        """
        levels = self(feats)
        logits, deltas, coeffs = self.flatten(levels)
        # Qualities are too close to each other for half precision.
        logits = logits.float()
        height, width = batch_data_samples[0].batch_input_shape
        anchors = self.anchors_of(levels[0], (height, width))
        per_level = [x.shape[-2:].numel() for x in levels[0]]
        labels = logits.new_full(logits.shape[:2], self.num_classes, dtype=torch.long)
        quality = logits.new_zeros(labels.shape)
        counted = logits.new_ones(labels.shape)
        positives, boxes, targets, weights = [], [], [], []
        for i, sample in enumerate(batch_data_samples):
            truth = sample.gt_instances
            found = self.assigner.assign(
                InstanceData(priors=anchors),
                per_level,
                truth,
                sample.get('ignored_instances'),
            )
            (chosen,) = (found.gt_inds > 0).nonzero(as_tuple=True)
            gt_inds = found.gt_inds[chosen] - 1
            decoded = self.bbox_coder.decode(anchors[chosen], deltas[i, chosen].float())
            matched = truth.bboxes[gt_inds]
            labels[i, chosen] = truth.labels[gt_inds]
            quality[i, chosen] = bbox_overlaps(
                decoded.detach(), matched, is_aligned=True
            )
            weight = self.class_weight[truth.labels[gt_inds]]
            counted[i] = found.gt_inds >= 0
            counted[i, chosen] = weight
            boxes.append(decoded)
            targets.append(matched)
            weights.append(weight)
            positives.append(
                InstanceData(
                    coeffs=coeffs[i, chosen],
                    relative_boxes=scale_boxes(decoded.detach(), 1 / width, 1 / height),
                    gt_inds=gt_inds,
                    weights=weight,
                )
            )
        weights = torch.cat(weights)
        total_weight = weights.sum().clamp(min=1)
        losses = dict(
            loss_cls=self.loss_cls(
                logits.flatten(0, 1),
                (labels.flatten(), quality.flatten()),
                weight=counted.flatten(),
                avg_factor=total_weight,
            ),
            loss_bbox=self.loss_bbox(
                torch.cat(boxes),
                torch.cat(targets),
                weight=weights,
                avg_factor=total_weight,
            ),
        )
        return losses, positives
