"""From images to panoptic maps and segment tables in one exportable graph."""

import torch
from mmdet.models.detectors import BaseDetector
from torch import Tensor, nn
from torch._higher_order_ops.scan import scan

from ..functional import image_axes
from .image_preparation import ImagePreparation
from .image_segments import ImageSegments
from .network_outputs import NetworkOutputs
from .pipeline_input import PipelineInput


class PanopticGraph(nn.Module):
    """A trained network with everything around it, for `torch.export`.

        images -> prepare -> network -> probabilities, boxes, coefficients,
                                        prototypes, semantic logits
                                          | one image after the other
                                          v
           NMS -> masks -> overlaps -> stuff -> panoptic maps, segment tables

    It calls the functions that the network's own `predict` calls. Loops whose length
    depends on the image are loops of the graph.

    Args:
        model: An `EPSNet` in evaluation mode, which is changed.
        source: How the test pipeline turns an image into the network's input.
        channel_order: Of the images, 'bgr' or 'rgb'.
    """

    def __init__(
        self,
        model: BaseDetector,
        source: PipelineInput,
        channel_order: str = 'bgr',
    ) -> None:
        super().__init__()
        self.size = source.size
        self.prepare = ImagePreparation(source, model.data_preprocessor, channel_order)
        self.network = NetworkOutputs(model, self.size)
        self.segments = ImageSegments(model, self.size)

    def forward(
        self,
        image: Tensor,
        score_threshold: Tensor,
        overlap_threshold: Tensor,
        stuff_area_limit: Tensor,
    ) -> tuple[Tensor, ...]:
        """Panoptic maps and segment tables.

        Args:
            image: (N, H, W, 3) uint8.
            score_threshold: () float32, instances score higher than this.
            overlap_threshold: () float32, share of an instance that better ones may
                take before it is dropped.
            stuff_area_limit: () int64, pixels below which a stuff class is void.

        Returns:
            Maps (N, H, W) int32: 0 = void, k = segment k of the image; and a row for
            each segment of the batch: image, number k and class (int64), score (NaN
            for stuff), area in pixels (int64), box as x1, y1, x2, y2.
        """
        outputs = self.network(self.prepare(image))
        height, width = image.shape[1:3]
        meta = dict(
            ori_shape=(height, width), img_shape=self.size, batch_input_shape=self.size
        )
        axes = [image_axes(x.shape[-2:], meta, image.device) for x in outputs[-2:]]
        canvas = torch.zeros((height, width), dtype=torch.int32)
        thresholds = score_threshold, overlap_threshold, stuff_area_limit
        body = self.segments.of_image(self.network.anchors, *axes, canvas, thresholds)
        _, (maps, present, *table) = scan(body, [canvas.new_zeros(())], outputs)
        images, rows = present.nonzero().unbind(dim=1)
        numbers = present.long().cumsum(dim=1)
        return maps, images, *(x[images, rows] for x in (numbers, *table))
