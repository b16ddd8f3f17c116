"""Instance head: boxes, classes and mask coefficients (section 3.1)."""

from collections.abc import Sequence

import torch
from mmcv.cnn import ConvModule
from mmdet.registry import MODELS, TASK_UTILS
from mmdet.structures import SampleList
from mmengine.model import BaseModule, ModuleList
from mmengine.structures import InstanceData
from torch import Tensor, nn

from ...environment.nms_backend import configured_nms
from ...functional import (
    best_candidates,
    fast_nms,
    flatten_levels,
    image_boxes,
    scale_boxes,
    thing_probs,
)


@MODELS.register_module()
class EPSNetInstanceHead(BaseModule):
    """Boxes, classes and mask coefficients, shared by all pyramid levels.

                                +-> 3x3 conv -------> 3 (T + 1) class logits
        P3 .. P7 -> 3x3 block --+-> 3x3 conv -------> 3 * 4 box deltas
                                +-> 3x3 conv, tanh -> 3 K coefficients

    Layers and their names are those of upstream's `YOLACTHead`, with group
    normalisation. It is no subclass, as nothing else is shared: anchors follow the
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
        norm_cfg: Normalisation of the shared blocks.
        train_cfg: `assigner`.
        test_cfg: `score_thr`; `nms_pre`, best candidates that take part in NMS;
            `nms` (type `nms`, which is greedy, or `fast_nms`; `iou_threshold`;
            for `fast_nms` also `top_k`, boxes of a class that take part. Another
            type or option is one of mmcv's `batched_nms`); `max_per_img`.
        init_cfg: Initialisation, for MMEngine.
    """

    TRAIN_CFG_KEYS = ('assigner',)
    TEST_CFG_KEYS = ('score_thr', 'nms_pre', 'nms', 'max_per_img')
    run_nms = staticmethod(configured_nms)

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
        super().__init__(init_cfg)
        self.num_classes = num_classes
        self.num_prototypes = num_prototypes
        self.test_cfg = test_cfg
        self.prior_generator = TASK_UTILS.build(anchor_generator)
        self.bbox_coder = TASK_UTILS.build(bbox_coder)
        self.loss_cls = MODELS.build(loss_cls)
        self.loss_bbox = MODELS.build(loss_bbox)
        if train_cfg:
            self.assigner = TASK_UTILS.build(train_cfg['assigner'])
        self.head_convs = ModuleList(
            ConvModule(
                in_channels if i == 0 else feat_channels,
                feat_channels,
                3,
                padding=1,
                bias=True,
                norm_cfg=norm_cfg,
            )
            for i in range(num_head_convs)
        )
        anchors = self.prior_generator.num_base_priors[0]
        self.conv_cls = nn.Conv2d(
            feat_channels, anchors * (num_classes + 1), 3, padding=1
        )
        self.conv_reg = nn.Conv2d(feat_channels, anchors * 4, 3, padding=1)
        self.conv_coeff = nn.Conv2d(
            feat_channels, anchors * num_prototypes, 3, padding=1
        )

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
        logits, deltas, coeffs = self._flatten(levels)
        anchors = self._anchors(levels[0], batch_data_samples[0].batch_input_shape)
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

    def predict(
        self,
        feats: Sequence[Tensor],
        batch_data_samples: SampleList,
        rescale: bool = True,
    ) -> list[InstanceData]:
        """Detections of each image; see `predict_by_feat`."""
        metas = [sample.metainfo for sample in batch_data_samples]
        return self.predict_by_feat(*self(feats), metas, rescale)

    # `torch.compile` would compile it anew for each number of detections.
    @torch.compiler.disable
    def predict_by_feat(
        self,
        cls_scores: list[Tensor],
        bbox_preds: list[Tensor],
        coeff_preds: list[Tensor],
        batch_img_metas: list[dict],
        rescale: bool = True,
    ) -> list[InstanceData]:
        """Detections of each image, from the outputs of `forward`.

        Args:
            cls_scores: For each level (N, 3 (T + 1), H_l, W_l) logits.
            bbox_preds: For each level (N, 3 * 4, H_l, W_l).
            coeff_preds: For each level (N, 3 K, H_l, W_l).
            batch_img_metas: `batch_input_shape`, `img_shape`, `ori_shape`.
            rescale: Boxes in the original image, else in the network's input.

        Returns:
            For each image, best first, D at most `max_per_img`: `bboxes` (D, 4)
            in pixels of the image that `rescale` chooses, clipped to it;
            `relative_boxes` (D, 4) over the size of the input, not clipped;
            `scores` above `score_thr`; `labels`; `coeffs` (D, K).
        """
        anchors = self._anchors(cls_scores, batch_img_metas[0]['batch_input_shape'])
        probs, deltas, coeffs = self.candidates(cls_scores, bbox_preds, coeff_preds)
        return [
            self._detect(anchors, *image, rescale)
            for image in zip(probs, deltas, coeffs, batch_img_metas, strict=True)
        ]

    def candidates(self, *outputs: list[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """Outputs of `forward` as probabilities (N, A, T), deltas and coefficients."""
        logits, deltas, coeffs = self._flatten(outputs)
        # In half precision, too many scores are equal for an order of boxes.
        return thing_probs(logits.float()), deltas.float(), coeffs

    def _detect(
        self,
        anchors: Tensor,
        probs: Tensor,
        deltas: Tensor,
        coeffs: Tensor,
        meta: dict,
        rescale: bool,
    ) -> InstanceData:
        found = self.detect(anchors, probs, deltas, self.test_cfg.score_thr)
        boxes, scores, labels, rows = found
        height, width = meta['batch_input_shape']
        return InstanceData(
            bboxes=image_boxes(boxes, meta, rescale),
            relative_boxes=scale_boxes(boxes, 1 / width, 1 / height),
            scores=scores,
            labels=labels,
            coeffs=coeffs[rows],
        )

    def detect(
        self, anchors: Tensor, probs: Tensor, deltas: Tensor, score_thr: float | Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Decode and suppress the boxes of one image.

        Args:
            anchors: (A, 4) in input pixels.
            probs, deltas: (A, T) and (A, 4), see `candidates`.
            score_thr: Detections score higher than this.

        Returns:
            Boxes (D, 4) in input pixels, scores, labels, anchors (D,), best first.
        """
        # All sizes are known to the host here. It first waits for the device where
        # it needs the number of detections.
        scores, labels, rows = best_candidates(probs, self.test_cfg.nms_pre)
        boxes = self.bbox_coder.decode(anchors[rows], deltas[rows])
        kept = self.suppress(boxes, scores, labels) & (scores > score_thr)
        order = kept.nonzero()[: self.test_cfg.max_per_img, 0]
        return boxes[order], scores[order], labels[order], rows[order]

    def suppress(self, boxes: Tensor, scores: Tensor, labels: Tensor) -> Tensor:
        """Non-maximum suppression by the config's `nms`.

        Args:
            boxes: (D, 4) as x1, y1, x2, y2.
            scores: (D,), descending.
            labels: (D,).

        Returns:
            (D,) bool, the boxes to keep.
        """
        nms = self.test_cfg.nms
        if nms.type == 'fast_nms':
            return fast_nms(boxes, labels, nms.iou_threshold, nms.top_k)
        return self.run_nms(boxes, scores, labels, nms)

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

    def _flatten(self, outputs: Sequence[list[Tensor]]) -> list[Tensor]:
        """Outputs of `forward` as (N, A, T + 1), (N, A, 4) and (N, A, K)."""
        channels = self.num_classes + 1, 4, self.num_prototypes
        return [flatten_levels(*x) for x in zip(outputs, channels, strict=True)]

    def _anchors(self, levels: list[Tensor], input_shape: tuple[int, int]) -> Tensor:
        """(A, 4) anchors in input pixels, see `ImageAnchorGenerator`."""
        sizes = [x.shape[-2:] for x in levels]
        return self.prior_generator.image_priors(sizes, input_shape, levels[0].device)
