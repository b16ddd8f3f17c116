"""Cross-layer attention of fewer positions, for a CPU."""

from collections.abc import Sequence

import torch.nn.functional as F
from mmdet.registry import MODELS
from torch import Tensor

from .pooled_attention import PooledAttention, mean_pool


@MODELS.register_module()
class CoarseAttention(PooledAttention):
    """Cross-layer attention at fewer positions of the target, too.

    Not in the paper. P3 is averaged over windows before it attends. What the sources
    add is brought back to the size of P3 afterwards, and added to P3 itself, which
    keeps its detail.

    Args:
        target_stride: Side of a window, in positions of P3.
        kwargs: See `PooledAttention`; a `source_stride` of 1 keeps all sources.
    """

    def __init__(self, target_stride: int = 2, **kwargs) -> None:
        super().__init__(**kwargs)
        self.target_stride = target_stride

    def forward(self, feats: Sequence[Tensor]) -> Tensor:
        """Equations 4 to 7 at a lower resolution.

        Args:
            feats: Pyramid levels P3, P4, ..., each (N, C, H_l, W_l).

        Returns:
            Z, (N, C, H_3, W_3).
        """
        added = sum(self.terms(self.target(feats), self.sources(feats)))
        return feats[0] + F.interpolate(
            added, feats[0].shape[-2:], mode='bilinear', align_corners=False
        )

    def target(self, feats: Sequence[Tensor]) -> Tensor:
        """What attends, (N, C, ceil(H_3 / stride), ceil(W_3 / stride))."""
        return mean_pool(feats[0], self.target_stride)

    def attention_maps(
        self, feats: Sequence[Tensor], position: tuple[int, int]
    ) -> list[Tensor]:
        """Attention of the window that a position is in; see the parent."""
        row, column = (x // self.target_stride for x in position)
        return super().attention_maps(feats, (row, column))
