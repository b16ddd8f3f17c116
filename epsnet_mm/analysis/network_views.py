"""Pictures of the attention and the prototypes of a network for one image."""

from epsnet_runtime.drawing.overlay import paint

import numpy as np
import torch
from mmengine.structures import InstanceData

from ..apis.panoptic_inferencer import PanopticInferencer
from ..datasets.image_reader import as_rgb
from ..functional import resample, source_scales
from ..visualization import feature_pictures
from ..visualization.panels import panel_size

_MASK_COLOR = (255, 170, 0)


class NetworkViews:
    """Runs an EPSNet on an image and draws its attention or its prototypes.

    Args:
        inferencer: Holds the network with its weights.
        path: Image file.

    Attributes:
        instances: The detections, best first: `bboxes` (D, 4) in pixels of the
            image, `scores` (D,), `labels` (D,), `coeffs` (D, K) or, of an EPSNet+,
            (D, K + 6).

    Raises:
        ValueError: If the image can't be read.
    """

    @torch.no_grad()
    def __init__(self, inferencer: PanopticInferencer, path: str) -> None:
        pixels = inferencer.reader.read(path)
        self.image = np.ascontiguousarray(as_rgb(pixels))
        self.model = inferencer.model
        data = inferencer.collate_fn([inferencer.pipeline(pixels)])
        data = self.model.data_preprocessor(data, False)
        self.samples = data['data_samples']
        self.feats = self.model.extract_feat(data['inputs'])
        found = self.model.bbox_head.predict(self.feats, self.samples)
        self.instances: InstanceData = found[0]

    @torch.no_grad()
    def attention(self, point: tuple[int, int]) -> np.ndarray:
        """Where a point attends to, on each source level, as in figure 8.

        Args:
            point: x, y in pixels of the image.

        Returns:
            (h, w, 3) uint8 RGB.

        Raises:
            ValueError: If the point is outside of the image, or the network
                has no cross-layer attention.
        """
        neck = self.model.fusion_neck
        if not hasattr(neck, 'attention_maps'):
            raise ValueError(
                f'The fusion neck {type(neck).__name__} of this config has no '
                'attention; give a config with CrossLayerAttention.'
            )
        height, width = self.image.shape[:2]
        x, y = point
        if not (0 <= x < width and 0 <= y < height):
            raise ValueError(
                f'The point {x},{y} is outside of the image, '
                f'which has {width} x {height} pixels.'
            )
        rows, columns = self._scales(self.feats[0])
        position = int((y + 0.5) * rows), int((x + 0.5) * columns)
        found = neck.attention_maps(self.feats, position)
        maps = []
        for level, weights in zip(neck.source_levels, found, strict=True):
            size = ' x '.join(map(str, weights.shape[:-3:-1]))
            title = f'P{level + 3} ({size}), max {100 * weights.max():.3g} %'
            maps.append((title, self._at_image_size(weights)[0]))
        return feature_pictures.draw_attention(self.image, point, maps)

    @torch.no_grad()
    def prototypes(self, number: int) -> np.ndarray:
        """All prototypes, and how they form the mask of one instance.

        Args:
            number: Number of the instance, from 1; 0 shows only the prototypes.

        Returns:
            (h, w, 3) uint8 RGB.

        Raises:
            ValueError: If there is no such instance.
        """
        if not 0 <= number <= len(self.instances):
            raise ValueError(
                f'There is no instance {number}: {len(self.instances)} were '
                'found. Choose one of them, or 0 for only the prototypes.'
            )
        prototypes = self.model.prototype_head(self.model.fusion_neck(self.feats))
        coeffs, panels = [], [('input', self.image)]
        if number:
            one = self.instances[number - 1 : number]
            # Those of an EPSNet+ also weigh positions, which are no prototypes.
            coeffs = one.coeffs[0, : prototypes.shape[1]].tolist()
            panels = self._mask_panels(prototypes, one, number)
        # There are dozens of them, each drawn small.
        shape = self.image.shape[:2]
        size = tuple(map(min, shape, panel_size(*shape)))
        return feature_pictures.draw_prototypes(
            self._at_size(prototypes[0], size), coeffs, panels
        )

    def describe_instances(self) -> list[str]:
        """Number, class, score and box of each instance."""
        classes = self.model.dataset_meta['classes']
        return [
            f'{number}: {classes[label]} {score:.2f}, box '
            f'{", ".join(f"{value:.0f}" for value in box)}'
            for number, (label, score, box) in enumerate(
                zip(
                    self.instances.labels.tolist(),
                    self.instances.scores.tolist(),
                    self.instances.bboxes.tolist(),
                    strict=True,
                ),
                1,
            )
        ]

    def _mask_panels(
        self, prototypes: torch.Tensor, one: InstanceData, number: int
    ) -> list[tuple[str, np.ndarray]]:
        """The sum of prototypes before and after the crop to the box."""
        head = self.model.mask_head
        (logits,) = head(prototypes, [one.coeffs], [one.relative_boxes])
        probs = self._at_image_size(logits.sigmoid())[0]
        (masks,) = head.predict(prototypes, [one], [self.samples[0].metainfo])
        panoptic = masks.to_dense()[0].numpy().astype(np.int32)
        mask = paint(self.image, panoptic, {1: _MASK_COLOR}, things=[1])
        heat = feature_pictures.heat_overlay(self.image, probs)
        box = one.bboxes[0].tolist()
        label = self.model.dataset_meta['classes'][int(one.labels[0])]
        return [
            (
                f'{number}: {label} {float(one.scores[0]):.2f}',
                feature_pictures.draw_box(self.image, box),
            ),
            ('sum, sigmoid', feature_pictures.draw_box(heat, box)),
            (
                f'in its box, > {head.test_cfg["mask_thr_binary"]:g}',
                feature_pictures.draw_box(mask, box),
            ),
        ]

    def _scales(self, feat: torch.Tensor) -> tuple[float, float]:
        return source_scales(feat.shape[-2:], self.samples[0].metainfo)

    def _at_image_size(self, maps: torch.Tensor) -> np.ndarray:
        """Resample (D, h, w) maps to the image: (D, H, W)."""
        return self._at_size(maps, self.image.shape[:2])

    def _at_size(self, maps: torch.Tensor, size: tuple[int, int]) -> np.ndarray:
        """Resample (D, h, w) maps to the image at another (height, width)."""
        scales = [
            scale * full / part
            for scale, full, part in zip(
                self._scales(maps), self.image.shape, size, strict=False
            )
        ]
        return resample(maps, size, scales).cpu().numpy()
