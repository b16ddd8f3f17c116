"""What the instance heads share: anchors, decoding, suppression."""

from abc import ABCMeta, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import torch
from mmcv.cnn import ConvModule
from mmdet.registry import MODELS, TASK_UTILS
from mmdet.structures import SampleList
from mmengine.model import BaseModule, ModuleList
from mmengine.structures import InstanceData
from torch import Tensor

from ...environment.nms_backend import configured_nms
from ...functional import (
    best_candidates,
    fast_nms,
    flatten_levels,
    image_boxes,
    scale_boxes,
)


class BaseEPSNetInstanceHead(BaseModule, metaclass=ABCMeta):
    """Prediction from the outputs of a subclass, and its parts without layers.

    Args:
        num_classes: T, thing classes.
        num_prototypes: K.
        anchor_generator: Gives `image_priors`, see `ImageAnchorGenerator`.
        bbox_coder: Box deltas from boxes and back.
        loss_cls: Loss over class logits.
        loss_bbox: Loss over boxes.
        train_cfg: `assigner`.
        test_cfg: `score_thr`; `nms_pre`, best candidates that take part in NMS;
            `nms` (type `nms`, which is greedy, or `fast_nms`; `iou_threshold`;
            for `fast_nms` also `top_k`, boxes of a class that take part. Another
            type or option is one of mmcv's `batched_nms`); `max_per_img`.
        init_cfg: Initialization, for MMEngine.
    """

    TRAIN_CFG_KEYS: ClassVar[tuple[str, ...]] = ('assigner',)
    TEST_CFG_KEYS: ClassVar[tuple[str, ...]] = (
        'score_thr',
        'nms_pre',
        'nms',
        'max_per_img',
    )
    run_nms = staticmethod(configured_nms)

    def __init__(
        self,
        num_classes: int,
        num_prototypes: int,
        anchor_generator: dict,
        bbox_coder: dict,
        loss_cls: dict,
        loss_bbox: dict,
        train_cfg: dict | None,
        test_cfg: dict | None,
        init_cfg: dict | None,
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

    @property
    @abstractmethod
    def output_channels(self) -> tuple[int, int, int]:
        """Logits, deltas and coefficients of one anchor."""

    @abstractmethod
    def forward(self, feats: Sequence[Tensor]) -> tuple[list[Tensor], ...]:
        """Raw outputs of the finest levels, as many as there are anchor sizes.

        Args:
            feats: Pyramid levels, each (N, C, H_l, W_l).

        Returns:
            Class logits, box deltas and mask coefficients, each a list over levels
            of (N, anchors of a position * channels, H_l, W_l).
        """

    @abstractmethod
    def thing_probs(self, logits: Tensor) -> Tensor:
        """(..., T) probabilities from float logits; (..., 1) zeros without things."""

    @abstractmethod
    def loss(
        self, feats: Sequence[Tensor], batch_data_samples: SampleList
    ) -> tuple[dict[str, Tensor], list[InstanceData]]:
        """Losses, and for each image its positive anchors for the mask loss."""

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
            cls_scores: For each level logits, see `forward`.
            bbox_preds: For each level box deltas.
            coeff_preds: For each level mask coefficients.
            batch_img_metas: `batch_input_shape`, `img_shape`, `ori_shape`.
            rescale: Boxes in the original image, else in the network's input.

        Returns:
            For each image, best first, D at most `max_per_img`: `bboxes` (D, 4)
            in pixels of the image that `rescale` chooses, clipped to it;
            `relative_boxes` (D, 4) over the size of the input, not clipped;
            `scores` above `score_thr`; `labels`; `coeffs`, a row for each.
        """
        anchors = self.anchors_of(cls_scores, batch_img_metas[0]['batch_input_shape'])
        probs, deltas, coeffs = self.candidates(cls_scores, bbox_preds, coeff_preds)
        return [
            self._detect(anchors, *image, rescale)
            for image in zip(probs, deltas, coeffs, batch_img_metas, strict=True)
        ]

    def candidates(self, *outputs: list[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """Outputs of `forward` as probabilities (N, A, T), deltas and coefficients."""
        logits, deltas, coeffs = self.flatten(outputs)
        # In half precision, too many scores are equal for an order of boxes.
        return self.thing_probs(logits.float()), deltas.float(), coeffs

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

    def flatten(self, outputs: Sequence[list[Tensor]]) -> list[Tensor]:
        """Outputs of `forward` as (N, A, channels of one anchor)."""
        return [
            flatten_levels(*x) for x in zip(outputs, self.output_channels, strict=True)
        ]

    def anchors_of(self, levels: list[Tensor], input_shape: tuple[int, int]) -> Tensor:
        """(A, 4) anchors in input pixels, see `ImageAnchorGenerator`.

        Args:
            levels: One of the outputs of `forward`.
            input_shape: Height and width of the network's input.
        """
        sizes = [x.shape[-2:] for x in levels]
        return self.prior_generator.image_priors(sizes, input_shape, levels[0].device)


def conv_tower(
    in_channels: int, feat_channels: int, num_convs: int, norm_cfg: dict
) -> ModuleList:
    """Blocks of a 3x3 convolution, normalization and ReLU."""
    return ModuleList(
        ConvModule(
            in_channels if i == 0 else feat_channels,
            feat_channels,
            3,
            padding=1,
            bias=True,
            norm_cfg=norm_cfg,
        )
        for i in range(num_convs)
    )
