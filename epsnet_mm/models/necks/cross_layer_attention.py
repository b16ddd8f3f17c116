"""Cross-layer attention fusion (section 3.1, figures 5 and 6)."""

from collections.abc import Iterator, Sequence

import torch
import torch.nn.functional as F
from mmdet.registry import MODELS
from mmengine.model import BaseModule
from torch import Tensor, nn


@MODELS.register_module()
class CrossLayerAttention(BaseModule):
    """Add features of all pyramid levels to the finest one, by attention.

    Every position of the target P3 attends to every position of each source
    level; one block is shared by all sources.

        P3 --query--+
                    softmax(q k^T) v --out--+
        Ps --key----+                       |  one term for each source
           --value--+                       v
        P3 -------------------------------> + -> Z

    Args:
        in_channels: Channels of the pyramid.
        embed_channels: Channels of query, key and value.
        source_levels: Indices of the source levels among P3, P4, ...; (0, ) is
            the 1-layer model of table 3.
        init_cfg: Initialization, for MMEngine.
    """

    def __init__(
        self,
        in_channels: int = 256,
        embed_channels: int = 128,
        source_levels: Sequence[int] = (0, 1, 2),
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.source_levels = tuple(source_levels)
        self.query = nn.Conv2d(in_channels, embed_channels, 1)
        self.key = nn.Conv2d(in_channels, embed_channels, 1)
        self.value = nn.Conv2d(in_channels, embed_channels, 1)
        self.out = nn.Conv2d(embed_channels, in_channels, 1)

    def forward(self, feats: Sequence[Tensor]) -> Tensor:
        """Equations 4 to 7.

        Args:
            feats: Pyramid levels P3, P4, ..., each (N, C, H_l, W_l).

        Returns:
            Z, (N, C, H_3, W_3).
        """
        fused = feats[0]
        for term in self.terms(self.target(feats), self.sources(feats)):
            fused = fused + term
        return fused

    def target(self, feats: Sequence[Tensor]) -> Tensor:
        """What attends: P3, (N, C, H_3, W_3)."""
        return feats[0]

    def sources(self, feats: Sequence[Tensor]) -> list[Tensor]:
        """What the target attends to: the source levels, each (N, C, H_l, W_l)."""
        return [feats[level] for level in self.source_levels]

    def terms(self, target: Tensor, sources: Sequence[Tensor]) -> Iterator[Tensor]:
        """What each source adds to the target (equations 4 to 6).

        Args:
            target: (N, C, H, W).
            sources: Each (N, C, H_s, W_s).

        Yields:
            (N, C, H, W).
        """
        query = _tokens(self.query(target))
        for source in sources:
            attended = _attend(
                query, _tokens(self.key(source)), _tokens(self.value(source))
            )
            attended = attended[:, 0].transpose(1, 2).unflatten(2, target.shape[-2:])
            yield self.out(attended)

    def attention_maps(
        self, feats: Sequence[Tensor], position: tuple[int, int]
    ) -> list[Tensor]:
        """How much one position of P3 attends to each position of the sources.

        For images like figure 8.

        Args:
            feats: As `forward`.
            position: Row and column in P3.

        Returns:
            For each source (N, H_s, W_s); each map is at least 0 and sums to 1.
        """
        row, column = position
        query = self.target(feats)[..., row : row + 1, column : column + 1]
        query = _tokens(self.query(query))
        maps = []
        for source in self.sources(feats):
            key = _tokens(self.key(source))
            # With an identity matrix as values, the result are the weights.
            identity = torch.eye(key.shape[-2], device=key.device, dtype=key.dtype)
            weights = _attend(query, key, identity.expand(*key.shape[:2], -1, -1))
            maps.append(weights[:, 0, 0].unflatten(1, source.shape[-2:]))
        return maps


def _attend(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """Equations 4 to 6, without 1 / sqrt(d), hence the scale of 1."""
    return F.scaled_dot_product_attention(query, key, value, scale=1.0)


def _tokens(feat: Tensor) -> Tensor:
    """(N, C, H, W) to one attention head of positions, (N, 1, H * W, C).

    Contiguous, as the kernels that never store all of softmax(q k^T) need it.
    """
    return feat.flatten(2).transpose(1, 2).contiguous().unsqueeze(1)
