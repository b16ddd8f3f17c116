"""Instance head: boxes, classes and mask coefficients (section 3.1)."""

from collections.abc import Sequence

import torch
from mmdet.registry import MODELS
from mmdet.structures import SampleList
from mmengine.structures import InstanceData
from torch import Tensor, nn

from ...functional import thing_probs
from .base_epsnet_instance_head import BaseEPSNetInstanceHead, conv_tower


@MODELS.register_module()
class EPSNetInstanceHead(BaseEPSNetInstanceHead):
    """Boxes, classes and mask coefficients, shared by all pyramid levels.

                                +-> 3x3 conv -------> 3 (T + 1) class logits
        P3 .. P7 -> 3x3 block --+-> 3x3 conv -------> 3 * 4 box deltas
                                +-> 3x3 conv, tanh -> 3 K coefficients

    Layers and their names are those of upstream's `YOLACTHead`, with group
    normalization. It is no subclass, as nothing else is shared: anchors follow the
    input's size, losses are divided by the positives of the batch, an image without
    positives adds no negatives, and the config chooses the kind of NMS.

    Args:
        num_classes: T, thing classes.
        num_prototypes: K.
        in_channels: Channels of the pyramid.
        feat_channels: Channels of the shared blocks.
        num_head_convs: Number of shared blocks.
        anchor_generator: Gives `image_priors`, see `ImageAnchorGenerator`.
        bbox_coder: Box deltas from boxes and back.
        loss_cls: Loss over logits (N, A, T + 1) and labels (N, A).
        loss_bbox: Loss over box deltas of positive anchors.
        norm_cfg: Normalization of the shared blocks.
        train_cfg, test_cfg: See `BaseEPSNetInstanceHead`.
        init_cfg: Initialization, for MMEngine.
    """

    def __init__(
        self,
        num_classes: int,
        num_prototypes: int = 32,
        in_channels: int = 256,
        feat_channels: int = 256,
        num_head_convs: int = 1,
        anchor_generator: dict = dict(
            type='ImageAnchorGenerator',
            strides=[8, 16, 32, 64, 128],
            base_sizes=[24, 48, 96, 192, 384],
            scales=[1.0],
            ratios=[1.0, 2.0, 0.5],
        ),
        bbox_coder: dict = dict(
            type='ScalarBBoxCoder', target_stds=[0.1, 0.1, 0.2, 0.2]
        ),
        loss_cls: dict = dict(type='HardNegativeCrossEntropyLoss'),
        loss_bbox: dict = dict(type='SmoothL1Loss', beta=1.0, loss_weight=1.5),
        norm_cfg: dict = dict(type='GN', num_groups=32),
        train_cfg: dict | None = None,
        test_cfg: dict | None = None,
        init_cfg: dict | None = dict(
            type='Xavier', layer='Conv2d', distribution='uniform', bias=0
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
        self.head_convs = conv_tower(
            in_channels, feat_channels, num_head_convs, norm_cfg
        )
        anchors = self.prior_generator.num_base_priors[0]
        self.conv_cls = nn.Conv2d(
            feat_channels, anchors * (num_classes + 1), 3, padding=1
        )
        self.conv_reg = nn.Conv2d(feat_channels, anchors * 4, 3, padding=1)
        self.conv_coeff = nn.Conv2d(
            feat_channels, anchors * num_prototypes, 3, padding=1
        )

    @property
    def output_channels(self) -> tuple[int, int, int]:
        """T + 1, 4 and K."""
        return self.num_classes + 1, 4, self.num_prototypes

    def thing_probs(self, logits: Tensor) -> Tensor:
        """Softmax, without background."""
        return thing_probs(logits)

    def forward(self, feats: Sequence[Tensor]) -> tuple[list[Tensor], ...]:
        """Raw outputs of the finest levels, as many as there are anchor sizes.

        Args:
            feats: Pyramid levels, each (N, C, H_l, W_l).

        Returns:
            Logits (N, 3 (T + 1), H_l, W_l), box deltas (N, 3 * 4, H_l, W_l) and
            coefficients (N, 3 K, H_l, W_l) in [-1, 1], each a list over levels.
        """
        logits, deltas, coeffs = [], [], []
        for x in feats[: self.prior_generator.num_levels]:
            for conv in self.head_convs:
                x = conv(x)
            logits.append(self.conv_cls(x))
            deltas.append(self.conv_reg(x))
            coeffs.append(self.conv_coeff(x).tanh())
        return logits, deltas, coeffs

    def loss(
        self, feats: Sequence[Tensor], batch_data_samples: SampleList
    ) -> tuple[dict[str, Tensor], list[InstanceData]]:
        """Losses L_c and L_b, and what the mask loss needs.

        Args:
            feats: Pyramid levels, each (N, C, H_l, W_l).
            batch_data_samples: With `gt_instances` and `ignored_instances`.

        Returns:
            `loss_cls` and `loss_bbox`; for each image its positive anchors:
            `coeffs` (P, K) and `gt_inds` (P,), the object of each.
        """
        levels = self(feats)
        logits, deltas, coeffs = self.flatten(levels)
        anchors = self.anchors_of(levels[0], batch_data_samples[0].batch_input_shape)
        gt_inds, labels = self._assign(anchors, batch_data_samples)
        image, anchor = (gt_inds > 0).nonzero(as_tuple=True)
        boxes = [x.gt_instances.bboxes for x in batch_data_samples]
        first_box = torch.tensor([0] + [len(x) for x in boxes]).cumsum(0)
        owner = first_box.to(image)[image] + gt_inds[image, anchor] - 1
        matched = torch.cat(boxes)[owner]
        targets = self.bbox_coder.encode(anchors[anchor], matched)
        num_positives = max(len(anchor), 1)
        losses = dict(
            loss_cls=self.loss_cls(logits, labels) / num_positives,
            loss_bbox=self.loss_bbox(
                deltas[image, anchor], targets, avg_factor=num_positives
            ),
        )
        positives = [
            InstanceData(coeffs=coeffs[i][inds > 0], gt_inds=inds[inds > 0] - 1)
            for i, inds in enumerate(gt_inds)
        ]
        return losses, positives

    def _assign(self, anchors: Tensor, samples: list) -> tuple[Tensor, Tensor]:
        """Object and class of each anchor.

        Returns:
            (N, A) object + 1, 0 = background, -1 = ignored; (N, A) thing class,
            T = background, -1 = ignored.
        """
        priors = InstanceData(priors=anchors)
        results = [
            self.assigner.assign(priors, x.gt_instances, x.get('ignored_instances'))
            for x in samples
        ]
        gt_inds = torch.stack([x.gt_inds for x in results])
        labels = torch.stack([x.labels for x in results])
        return gt_inds, labels.masked_fill(gt_inds == 0, self.num_classes)
