"""Anchors spread evenly over the image."""

from functools import lru_cache

import torch
from mmdet.models.task_modules import AnchorGenerator
from mmdet.registry import TASK_UTILS
from torch import Tensor


@TASK_UTILS.register_module()
class ImageAnchorGenerator(AnchorGenerator):
    """Anchors centred at ((i + 0.5) / w_map, (j + 0.5) / h_map) of the image.

    Upstream multiplies positions by nominal strides, which is off by up to half
    a cell where a map is rounded up (550 px / 8 gives 69 cells, not 68.75). Here
    the step follows from the sizes of image and map (released network).

    Takes the arguments of `AnchorGenerator`; `strides` only count the levels.
    """

    def image_priors(
        self,
        featmap_sizes: list[tuple[int, int]],
        image_size: tuple[int, int],
        device: torch.device,
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

    # Anchors depend on sizes only; without the cache they cost more than NMS.
    @lru_cache(maxsize=8)  # noqa: B019
    def _image_priors(
        self, featmap_sizes: tuple, image_size: tuple, device: torch.device
    ) -> Tensor:
        levels = []
        for (rows, columns), base in zip(featmap_sizes, self.base_anchors, strict=True):
            y = (torch.arange(rows) + 0.5) * (image_size[0] / rows)
            x = (torch.arange(columns) + 0.5) * (image_size[1] / columns)
            y, x = torch.meshgrid(y, x, indexing='ij')
            centres = torch.stack([x, y, x, y], dim=-1)
            levels.append((centres[:, :, None] + base).view(-1, 4))
        return torch.cat(levels).to(device)
