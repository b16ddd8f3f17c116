"""Bilinear resampling, one axis at a time."""

from collections.abc import Callable
from functools import cached_property

import torch
from torch import Tensor


class BilinearAxis:
    """How the positions of an output axis read those of a source axis.

    The grid is that of ``interpolate(mode='bilinear', align_corners=False)``.

    Args:
        in_size: Length of the source axis.
        out_size: Length of the output axis.
        scale: Source positions per output position: ``in_size / out_size`` where
            the output shows the whole source, less where the source has padding
            at its end.
        device: Where the tensors live.
    """

    def __init__(
        self, in_size: int, out_size: int, scale: float, device: torch.device
    ) -> None:
        self.in_size = in_size
        self.out_size = out_size
        self.scale = scale
        self.device = device

    @cached_property
    def taps(self) -> tuple[Tensor, Tensor, Tensor]:
        """The two source positions behind each output position, and their mix.

        Lower and upper source index, both (out_size,) int64, and the weight of
        the upper one, (out_size,) float32 in [0, 1).
        """
        position = torch.arange(self.out_size, device=self.device)
        position = (position + 0.5) * self.scale - 0.5
        position = position.clamp(0, self.in_size - 1)
        lower = position.long()
        upper = (lower + 1).clamp(max=self.in_size - 1)
        return lower, upper, position - lower

    @cached_property
    def matrix(self) -> Tensor:
        """The taps as a matrix, for maps small enough to be worth multiplying.

        (out_size, in_size) float32; its product with the values of the source
        axis are the interpolated values. About a megabyte for 2000 pixels.
        """
        lower, upper, weight = self.taps
        matrix = torch.zeros(self.out_size, self.in_size, device=self.device)
        matrix.scatter_(1, lower[:, None], (1 - weight)[:, None])
        # Both may be the last position.
        return matrix.scatter_add_(1, upper[:, None], weight[:, None])


def image_size(meta: dict, rescale: bool = True) -> tuple[int, int]:
    """(H, W) of the image that results are for.

    Args:
        meta: `ori_shape`, size of the original image, and `img_shape`, its size
            in the network's input.
        rescale: For the original image, else for the image in the input.
    """
    return tuple(meta['ori_shape' if rescale else 'img_shape'][:2])


def source_scales(
    source_size: tuple[int, int], meta: dict, rescale: bool = True
) -> tuple[float, float]:
    """Source positions per pixel of the image, vertical and horizontal.

    Args:
        source_size: (h, w) of a map that shows the whole network input.
        meta: Sizes (height, width) of the input with its padding,
            `batch_input_shape`, of the image in it, `img_shape`, and of the
            original image, `ori_shape`.
        rescale: See `image_size`.
    """
    return tuple(
        size * content / padded / result
        for size, content, padded, result in zip(
            source_size,
            meta['img_shape'][:2],
            meta['batch_input_shape'],
            image_size(meta, rescale),
            strict=True,
        )
    )


def image_axes(
    source_size: tuple[int, int],
    meta: dict,
    device: torch.device,
    rescale: bool = True,
    make_axis: Callable[..., BilinearAxis] = BilinearAxis,
) -> tuple[BilinearAxis, BilinearAxis]:
    """The vertical and the horizontal axis from a map to the image.

    Args:
        source_size: (h, w) of a map that shows the whole network input.
        meta: See `source_scales`.
        device: Where the map is.
        rescale: See `image_size`.
        make_axis: `BilinearAxis`, or a cache of it.
    """
    scales = source_scales(source_size, meta, rescale)
    sizes = zip(source_size, image_size(meta, rescale), scales, strict=True)
    rows, columns = (make_axis(*axis, device) for axis in sizes)
    return rows, columns


def resample(
    maps: Tensor, size: tuple[int, int], scales: tuple[float, float]
) -> Tensor:
    """Bilinear resampling of whole maps.

    Args:
        maps: (D, h, w).
        size: (H, W) of the result.
        scales: Source positions per pixel of the result, vertical and horizontal;
            see `source_scales`.

    Returns:
        (D, H, W).
    """
    rows, columns = (
        BilinearAxis(*axis, maps.device)
        for axis in zip(maps.shape[1:], size, scales, strict=True)
    )
    return rows.matrix @ maps @ columns.matrix.T
