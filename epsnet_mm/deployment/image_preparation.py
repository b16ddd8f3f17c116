"""The first stage of an exported graph: from image files' pixels to the network."""

import torch
from torch import Tensor, nn

from .image_resize import resize_images
from .pipeline_input import PipelineInput


class ImagePreparation(nn.Module):
    """Resize, order of channels and normalization of a test pipeline.

    Args:
        source: Size and kind of numbers of the pipeline.
        preprocessor: The network's `data_preprocessor`.
        channel_order: Of the images, 'bgr' or 'rgb'.
    """

    def __init__(
        self, source: PipelineInput, preprocessor: nn.Module, channel_order: str
    ) -> None:
        super().__init__()
        self.source = source
        # Pipelines load images as BGR.
        self.flips = preprocessor._channel_conversion == (channel_order == 'bgr')
        self.register_buffer('mean', preprocessor.mean.view(1, 3, 1, 1).clone())
        self.register_buffer('std', preprocessor.std.view(1, 3, 1, 1).clone())

    def forward(self, images: Tensor) -> Tensor:
        """(N, H, W, 3) uint8 images to the network's input (N, 3, h, w)."""
        pixels = resize_images(images, self.source.size, self.source.as_floats)
        if self.flips:
            # flip() is slower in runtimes.
            pixels = pixels.index_select(1, torch.tensor([2, 1, 0]))
        return (pixels - self.mean) / self.std
