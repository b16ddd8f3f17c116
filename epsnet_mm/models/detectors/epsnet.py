"""EPSNet, wired from parts that the config names."""

import torch
from mmdet.evaluation import INSTANCE_OFFSET
from mmdet.models.detectors import BaseDetector
from mmdet.registry import MODELS
from mmdet.structures import SampleList
from torch import Tensor, nn


@MODELS.register_module()
class EPSNet(BaseDetector):
    """Efficient panoptic segmentation network (figures 2 and 3).

    .. code-block:: none

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
        train_cfg: `bbox_head`: the anchor assigner.
        test_cfg: `bbox_head`: NMS; `panoptic_fusion_head`: merging.
        data_preprocessor: Normalisation and padding.
        init_cfg: Initialisation, for MMEngine.

    Raises:
        ValueError: A head's config names class counts of its own that differ, there
            are more classes than panoptic maps hold, or padding is labelled.
    """

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
        train_cfg: dict | None = None,
        test_cfg: dict | None = None,
        data_preprocessor: dict | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(data_preprocessor=data_preprocessor, init_cfg=init_cfg)
        self.train_cfg, self.test_cfg = train_cfg, test_cfg
        _check_labels(num_things_classes + num_stuff_classes, self.data_preprocessor)
        self.backbone = MODELS.build(backbone)
        self.neck = MODELS.build(neck)
        self.fusion_neck = MODELS.build(fusion_neck)
        self.prototype_head = MODELS.build(prototype_head)
        counts = dict(
            num_things_classes=num_things_classes, num_stuff_classes=num_stuff_classes
        )
        self.bbox_head = _build_head(
            'bbox_head',
            bbox_head,
            dict(num_classes=num_things_classes),
            train_cfg=train_cfg and train_cfg['bbox_head'],
            test_cfg=test_cfg and test_cfg['bbox_head'],
        )
        self.mask_head = MODELS.build(mask_head)
        self.semantic_head = _build_head('semantic_head', semantic_head, counts)
        self.panoptic_fusion_head = _build_head(
            'panoptic_fusion_head',
            panoptic_fusion_head,
            counts,
            test_cfg=test_cfg and test_cfg['panoptic_fusion_head'],
        )

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
        """Add `pred_panoptic_seg` and `pred_instances`, at original size."""
        parts = self.predict_parts(batch_inputs, batch_data_samples)
        return self.fuse(*parts, batch_data_samples)

    def predict_parts(
        self, batch_inputs: Tensor, batch_data_samples: SampleList
    ) -> tuple[list, list, Tensor]:
        """What fusion merges: instances, their masks, semantic logits.

        Each has an entry for each image; see the heads' `predict`.
        """
        feats = self.extract_feat(batch_inputs)
        prototypes = self.prototype_head(self.fusion_neck(feats))
        instances = self.bbox_head.predict(feats, batch_data_samples)
        metas = [sample.metainfo for sample in batch_data_samples]
        masks = self.mask_head.predict(prototypes, instances, metas)
        return instances, masks, self.semantic_head.predict(feats, prototypes)

    def fuse(
        self,
        instances: list,
        masks: list,
        logits: Tensor,
        batch_data_samples: SampleList,
    ) -> SampleList:
        """Merge the parts into panoptic maps and add both to the samples."""
        metas = [sample.metainfo for sample in batch_data_samples]
        maps = self.panoptic_fusion_head.predict(masks, instances, logits, metas)
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


def _check_labels(num_classes: int, data_preprocessor: nn.Module) -> None:
    # Panoptic ids are label + instance * INSTANCE_OFFSET; void is a label too.
    if num_classes >= INSTANCE_OFFSET:
        raise ValueError(
            f'The network has {num_classes} classes, but panoptic maps hold '
            f'{INSTANCE_OFFSET - 1}: merge some.'
        )
    padding = getattr(data_preprocessor, 'seg_pad_value', -1)
    if 0 <= padding < num_classes:
        raise ValueError(
            f'`model.data_preprocessor.seg_pad_value` is {padding}, the label of a '
            f'class, as there are {num_classes}: set it to 65535, which is none.'
        )


def _build_head(
    name: str, cfg: dict, counts: dict[str, int], **default_args
) -> nn.Module:
    """Build a head with the network's class counts."""
    for key, count in counts.items():
        if cfg.get(key, count) != count:
            raise ValueError(
                f'`model.{name}.{key}` is {cfg[key]}, but the network has {count}: '
                'remove it; heads take their counts from `model.num_things_classes` '
                'and `model.num_stuff_classes`.'
            )
    return MODELS.build(cfg, default_args=dict(**counts, **default_args))
