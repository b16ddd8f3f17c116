"""Test-time augmentation for panoptic segmentation (columns of table 5)."""

import torch
import torch.nn.functional as F
from mmdet.registry import MODELS
from mmdet.structures import DetDataSample
from mmengine.model import BaseTTAModel
from mmengine.structures import InstanceData
from torch import Tensor

from ...functional import InstanceMasks


@MODELS.register_module()
class EPSNetTTAModel(BaseTTAModel):
    """Merges the views of an image before fusion, not after.

    Upstream's TTA models merge finished predictions, but panoptic maps cannot be
    averaged. Here, the instances of all views go through NMS together, semantic
    logits are averaged, and then fusion runs once.

    Args:
        module: Config of the `EPSNet` detector.
        data_preprocessor: See `BaseTTAModel`; views use that of `module`.
    """

    def test_step(self, data: dict | tuple | list) -> list[DetDataSample]:
        """Predictions of a batch of images in several views.

        Args:
            data: `inputs` and `data_samples`, each a list of views, each of
                which is a list of images.

        Raises:
            ValueError: A view is flipped other than horizontally, or padded.
        """
        views, first_samples = [], None
        for inputs, samples in zip(data['inputs'], data['data_samples'], strict=True):
            batch = self.module.data_preprocessor(
                dict(inputs=inputs, data_samples=samples), False
            )
            samples = batch['data_samples']
            _check_not_padded(samples)
            parts = self.module.predict_parts(batch['inputs'], samples)
            # From three lists over images to three parts for each image.
            views.append(
                [
                    _unflip(*image, sample)
                    for *image, sample in zip(*parts, samples, strict=True)
                ]
            )
            first_samples = first_samples or samples
        return self.merge_preds(list(zip(*views, strict=True)), first_samples)

    def merge_preds(
        self, images: list[tuple], samples: list[DetDataSample]
    ) -> list[DetDataSample]:
        """Fuse what all views found.

        Args:
            images: For each image, for each view its instances, their masks and
                semantic logits (S + 1, h, w), all of the image that is not flipped.
            samples: The images' first views; the predictions are added to them.
        """
        merged = [self._merge_views(*zip(*views, strict=True)) for views in images]
        return self.module.fuse(*zip(*merged, strict=True), samples)

    def _merge_views(
        self,
        instances: tuple[InstanceData, ...],
        masks: tuple[InstanceMasks, ...],
        logits: tuple[Tensor, ...],
    ) -> tuple:
        found = InstanceData.cat([x[:] for x in instances])
        order = found.scores.argsort(descending=True, stable=True)
        head = self.module.bbox_head
        # Not clipped, as in the NMS of one view. Clipped boxes overlap more at the
        # image's edge, so even a single view would lose some detections here.
        height, width = masks[0].size
        boxes = found.relative_boxes * found.bboxes.new_tensor([width, height] * 2)
        kept = head.suppress(boxes[order], found.scores[order], found.labels[order])
        order = order[kept][: head.test_cfg.max_per_img]
        windows = [x for view in masks for x in view.windows]
        crops = [x for view in masks for x in view.masks]
        best = InstanceMasks(
            [windows[i] for i in order.tolist()],
            [crops[i] for i in order.tolist()],
            masks[0].size,
        )
        size = max(x.shape[-2:] for x in logits)
        mean = torch.stack(
            [
                F.interpolate(x[None], size, mode='bilinear', align_corners=False)[0]
                for x in logits
            ]
        ).mean(dim=0)
        return found[order], best, mean


def _check_not_padded(samples: list[DetDataSample]) -> None:
    """Refuse padding: its share differs between views, and its side if flipped."""
    for sample in samples:
        if tuple(sample.img_shape[:2]) != tuple(sample.batch_input_shape):
            raise ValueError(
                f'EPSNetTTAModel merges views without padding only, but one of '
                f'{tuple(sample.img_shape[:2])} was padded to '
                f'{tuple(sample.batch_input_shape)}: use Resize with '
                'keep_ratio=False in tta_pipeline, and no pad_size_divisor.'
            )


def _unflip(
    instances: InstanceData, masks: InstanceMasks, logits: Tensor, sample: DetDataSample
) -> tuple[InstanceData, InstanceMasks, Tensor]:
    """Undo the horizontal flip of a view."""
    if not sample.get('flip', False):
        return instances, masks, logits
    if sample.flip_direction != 'horizontal':
        raise ValueError(
            f'EPSNetTTAModel cannot undo a {sample.flip_direction} flip: use '
            "direction='horizontal' in tta_pipeline."
        )
    instances.bboxes = _mirror(instances.bboxes, masks.size[1])
    instances.relative_boxes = _mirror(instances.relative_boxes, 1)
    return instances, masks.hflip(), logits.flip(-1)


def _mirror(boxes: Tensor, width: float) -> Tensor:
    """Boxes (D, 4) as x1, y1, x2, y2 in the image seen in a mirror."""
    x1, y1, x2, y2 = boxes.unbind(dim=1)
    return torch.stack([width - x2, y1, width - x1, y2], dim=1)
