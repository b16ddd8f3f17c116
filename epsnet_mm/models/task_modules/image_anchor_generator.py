"""Anchors spread evenly over the image."""

from functools import partial

import torch
from mmdet.models.task_modules import AnchorGenerator
from mmdet.registry import TASK_UTILS
from torch import Tensor

from ...functional import BoundedCache


@TASK_UTILS.register_module()
class ImageAnchorGenerator(AnchorGenerator):
    """Anchors centered at ((i + 0.5) / w_map, (j + 0.5) / h_map) of the image.

    Upstream multiplies positions by nominal strides, which is off by up to half
    a cell where a map is rounded up (550 px / 8 gives 69 cells, not 68.75). Here
    the step follows from the sizes of image and map (released network).

    Takes the arguments of `AnchorGenerator`; of `strides` only the number counts,
    one for each level.
    """

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        # Anchors depend on sizes only; computing them costs more than NMS.
        self._image_priors = BoundedCache(
            partial(_image_priors, self.base_anchors), max_results=8
        )

    def image_priors(
        self,
        featmap_sizes: list[tuple[int, int]],
        image_size: tuple[int, int],
        device: torch.device | str,
    ) -> Tensor:
        """Anchors of all levels, for one input size.

        Args:
            featmap_sizes: (height, width) of each level, finest first.
            image_size: (height, width) of the network's input.
            device: Where the anchors are needed.

        Returns:
            (A, 4) as x1, y1, x2, y2 in input pixels; ordered by level, row,
            column, then anchor.
        """
        sizes = tuple(tuple(size) for size in featmap_sizes)
        return self._image_priors(sizes, tuple(image_size), torch.device(device))


def _image_priors(
    base_anchors: list[Tensor],
    featmap_sizes: tuple[tuple[int, int], ...],
    image_size: tuple[int, int],
    device: torch.device,
) -> Tensor:
    """Copies of each level's anchors (3, 4) around the centers of its cells."""
    levels = []
    for (rows, columns), base in zip(featmap_sizes, base_anchors, strict=True):
        y = (torch.arange(rows) + 0.5) * (image_size[0] / rows)
        x = (torch.arange(columns) + 0.5) * (image_size[1] / columns)
        y, x = torch.meshgrid(y, x, indexing='ij')
        centers = torch.stack([x, y, x, y], dim=-1)
        levels.append((centers[:, :, None] + base).view(-1, 4))
    return torch.cat(levels).to(device)
