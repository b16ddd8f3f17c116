"""EPSNet, wired from parts that the config names."""

from collections.abc import Sequence
from types import MappingProxyType

import torch
from mmdet.models.detectors import BaseDetector
from mmdet.registry import MODELS
from mmdet.structures import SampleList
from torch import Tensor

from ...aliases import accept_old_keys
from .config_checks import build_head, check_keys, check_labels


@MODELS.register_module()
class EPSNet(BaseDetector):
    """Efficient panoptic segmentation network (figures 2 and 3).

        image -> backbone -> neck -> P3 .. P7
                                      |
              +-----------------------+----------------------+
              | P3 .. P5              | P3 .. P7             | P7
              v                       v                      v
         fusion_neck             bbox_head            semantic_head
              v                       |                      |
        prototype_head     boxes, classes, coeffs      coefficients
              |                       |                      |
              +---- prototypes -------x----------------------x
                                      v                      v
                                  mask_head           semantic logits
                                      |                      |
                                      +------> panoptic_fusion_head -> map

    Args:
        num_things_classes: T, for all heads.
        num_stuff_classes: S, for all heads.
        backbone, neck: ResNet and feature pyramid P3 .. P7.
        fusion_neck: From pyramid levels to the prototype head's input.
        prototype_head: Prototypes, shared by both tasks.
        bbox_head: Instance head: boxes, classes, mask coefficients.
        mask_head: Instance masks and their loss.
        semantic_head: Semantic logits and their loss.
        panoptic_fusion_head: Merges masks and semantic logits.
        num_prototypes: K, for all heads.
        train_cfg: `bbox_head`: the anchor assigner.
        test_cfg: `bbox_head`: NMS; `mask_head` (optional): threshold of masks;
            `panoptic`: merging.
        data_preprocessor: Normalization and padding.
        init_cfg: Initialization, for MMEngine.

    Raises:
        ValueError: A head's config has a count of its own that differs, there are
            more classes than panoptic maps hold, padding is labelled, or `train_cfg`
            or `test_cfg` has a key that nothing reads.
    """

    #: Sections of `train_cfg` and of `test_cfg`, with the head that reads each.
    TRAIN_CFG_HEADS = MappingProxyType(dict(bbox_head='bbox_head'))
    TEST_CFG_HEADS = MappingProxyType(
        dict(
            bbox_head='bbox_head',
            mask_head='mask_head',
            panoptic='panoptic_fusion_head',
        )
    )

    @accept_old_keys
    def __init__(
        self,
        num_things_classes: int,
        num_stuff_classes: int,
        backbone: dict,
        neck: dict,
        fusion_neck: dict,
        prototype_head: dict,
        bbox_head: dict,
        mask_head: dict,
        semantic_head: dict,
        panoptic_fusion_head: dict,
        num_prototypes: int = 32,
        train_cfg: dict | None = None,
        test_cfg: dict | None = None,
        data_preprocessor: dict | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(data_preprocessor=data_preprocessor, init_cfg=init_cfg)
        self.train_cfg, self.test_cfg = train_cfg, test_cfg
        check_labels(num_things_classes + num_stuff_classes, self.data_preprocessor)
        self.backbone = MODELS.build(backbone)
        self.neck = MODELS.build(neck)
        self.fusion_neck = MODELS.build(fusion_neck)
        classes = dict(
            num_things_classes=num_things_classes, num_stuff_classes=num_stuff_classes
        )
        prototypes = dict(num_prototypes=num_prototypes)
        self.prototype_head = build_head('prototype_head', prototype_head, prototypes)
        self.bbox_head = build_head(
            'bbox_head',
            bbox_head,
            dict(num_classes=num_things_classes, **prototypes),
            train_cfg=train_cfg and train_cfg['bbox_head'],
            test_cfg=test_cfg and test_cfg['bbox_head'],
        )
        self.mask_head = build_head(
            'mask_head',
            mask_head,
            dict(),
            test_cfg=test_cfg and test_cfg.get('mask_head'),
        )
        self.semantic_head = build_head(
            'semantic_head', semantic_head, dict(**classes, **prototypes)
        )
        self.panoptic_fusion_head = build_head(
            'panoptic_fusion_head',
            panoptic_fusion_head,
            classes,
            test_cfg=test_cfg and test_cfg['panoptic'],
        )
        check_keys(self, 'train_cfg')
        check_keys(self, 'test_cfg')

    def extract_feat(self, batch_inputs: Tensor) -> tuple[Tensor, ...]:
        """Pyramid levels P3 .. P7 of (N, 3, H, W) images.

        In channels-last memory format, which convolutions pass on; they are
        faster with it (see docs/benchmark.md).
        """
        batch_inputs = batch_inputs.contiguous(memory_format=torch.channels_last)
        return self.neck(self.backbone(batch_inputs))

    def loss(
        self, batch_inputs: Tensor, batch_data_samples: SampleList
    ) -> dict[str, Tensor]:
        """The four weighted losses of section 3.2."""
        feats = self.extract_feat(batch_inputs)
        prototypes = self.prototype_head(self.fusion_neck(feats))
        losses, positives = self.bbox_head.loss(feats, batch_data_samples)
        losses.update(self.mask_head.loss(prototypes, positives, batch_data_samples))
        losses.update(self.semantic_head.loss(feats, prototypes, batch_data_samples))
        return losses

    def predict(
        self, batch_inputs: Tensor, batch_data_samples: SampleList, rescale: bool = True
    ) -> SampleList:
        """Add `pred_panoptic_seg` and `pred_instances` to the samples.

        Args:
            batch_inputs: (N, 3, H, W) images.
            batch_data_samples: With `img_shape`, `batch_input_shape` and
                `ori_shape` of each image.
            rescale: Maps and boxes for the original image (`ori_shape`), else for
                the image as the network sees it (`img_shape`, without padding).
        """
        parts = self.predict_parts(batch_inputs, batch_data_samples, rescale)
        return self.fuse(*parts, batch_data_samples, rescale)

    def predict_parts(
        self, batch_inputs: Tensor, batch_data_samples: SampleList, rescale: bool = True
    ) -> tuple[list, list, Tensor]:
        """What fusion merges: instances, their masks, semantic logits.

        Each has an entry for each image; see the heads' `predict`.
        """
        feats = self.extract_feat(batch_inputs)
        prototypes = self.prototype_head(self.fusion_neck(feats))
        instances = self.bbox_head.predict(feats, batch_data_samples, rescale)
        metas = [sample.metainfo for sample in batch_data_samples]
        masks = self.mask_head.predict(prototypes, instances, metas, rescale)
        return instances, masks, self.semantic_head.predict(feats, prototypes)

    def fuse(
        self,
        instances: list,
        masks: list,
        logits: Sequence[Tensor],
        batch_data_samples: SampleList,
        rescale: bool = True,
    ) -> SampleList:
        """Merge the parts into panoptic maps and add both to the samples.

        `rescale` is that of the parts.
        """
        metas = [sample.metainfo for sample in batch_data_samples]
        maps = self.panoptic_fusion_head.predict(
            masks, instances, logits, metas, rescale
        )
        for sample, found, panoptic in zip(
            batch_data_samples, instances, maps, strict=True
        ):
            sample.pred_instances, sample.pred_panoptic_seg = found, panoptic
        return batch_data_samples

    def _forward(self, batch_inputs: Tensor, batch_data_samples=None) -> tuple:
        """Raw outputs: instance head's three, prototypes, semantic logits."""
        feats = self.extract_feat(batch_inputs)
        prototypes = self.prototype_head(self.fusion_neck(feats))
        return (
            *self.bbox_head(feats),
            prototypes,
            self.semantic_head(feats, prototypes),
        )
