"""Cross-layer attention to fewer positions, for a CPU."""

from collections.abc import Sequence

import torch.nn.functional as F
from mmdet.registry import MODELS
from torch import Tensor

from .cross_layer_attention import CrossLayerAttention


@MODELS.register_module()
class PooledAttention(CrossLayerAttention):
    """Cross-layer attention whose source levels are pooled first.

    Not in the paper. The cost of attention is the number of pairs of positions. Each
    source is averaged over windows before key and value, which leaves a quarter of
    the pairs with windows of two by two. The weights are those of the parent.

    Args:
        source_stride: Side of a window, in positions of the source.
        kwargs: See `CrossLayerAttention`.
    """

    def __init__(self, source_stride: int = 2, **kwargs) -> None:
        super().__init__(**kwargs)
        self.source_stride = source_stride

    def sources(self, feats: Sequence[Tensor]) -> list[Tensor]:
        """The source levels, each (N, C, ceil(H_l / stride), ceil(W_l / stride))."""
        return [mean_pool(x, self.source_stride) for x in super().sources(feats)]


def mean_pool(feat: Tensor, stride: int) -> Tensor:
    """Means over windows; those at the end of an odd side have fewer positions.

    Args:
        feat: (N, C, H, W).
        stride: Side of a window.

    Returns:
        (N, C, ceil(H / stride), ceil(W / stride)).
    """
    return F.avg_pool2d(feat, stride, ceil_mode=True, count_include_pad=False)
