"""Parameters and multiply-adds of the networks that configs describe.

MMEngine has `get_model_complexity_info`, but it does not know
`scaled_dot_product_attention`: it leaves out cross-layer attention, 10 % of
EPSNet's multiply-adds. PyTorch's counter knows it.
"""

from collections.abc import Sequence
from copy import deepcopy
from typing import NamedTuple

import torch
from mmcv.ops import ModulatedDeformConv2d
from mmdet.registry import MODELS
from mmengine.config import Config
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from .markdown_table import markdown_table


class Complexity(NamedTuple):
    """Size of a network and cost of its forward pass.

    Attributes:
        name: Of the network.
        input_size: (height, width) of one image in pixels.
        parameters: Number of parameters.
        multiply_adds: Multiply-adds of the layers for this image.
    """

    name: str
    input_size: tuple[int, int]
    parameters: int
    multiply_adds: int


def model_complexity(
    cfg: Config, name: str, input_size: tuple[int, int] | None = None
) -> Complexity:
    """Count parameters and multiply-adds of a config's network.

    Convolutions, matrix products and attention are counted; NMS and fusion are not.

    Args:
        cfg: Config with `model`, and with `image_size` (width, height).
        name: Of the network.
        input_size: (height, width) in pixels; None for the config's `image_size`.
    """
    network = deepcopy(cfg.model)
    network.backbone.init_cfg = None
    height, width = input_size or cfg.image_size[::-1]
    # Shapes are enough: the meta device computes nothing. mmcv's ops don't support it.
    device = 'cpu' if network.backbone.get('dcn') else 'meta'
    # Built on the CPU, because some backbones compute a few numbers as they are built.
    model = MODELS.build(network).eval().to(device)
    image = torch.empty(1, 3, height, width, device=device)
    deformable = _count_deformable(model)
    # The counter knows only this one of the attention kernels of a CPU.
    with (
        FlopCounterMode(display=False) as counter,
        torch.no_grad(),
        sdpa_kernel(SDPBackend.MATH),
    ):
        model(image)
    return Complexity(
        name,
        (height, width),
        sum(x.numel() for x in model.parameters()),
        counter.get_total_flops() // 2 + sum(deformable),
    )


def _count_deformable(model: nn.Module) -> list[int]:
    """Multiply-adds of deformable convolutions, filled by the next forward pass."""
    counts: list[int] = []

    def count(conv: nn.Module, _: tuple, output: torch.Tensor) -> None:
        counts.append(output.numel() * conv.weight[0].numel())

    for module in model.modules():
        if isinstance(module, ModulatedDeformConv2d):
            module.register_forward_hook(count)
    return counts


def complexity_table(networks: Sequence[Complexity]) -> str:
    """Markdown: a row for each network."""
    return markdown_table(
        ['config', 'input', 'parameters (M)', 'multiply-adds (G)'],
        [
            [
                x.name,
                f'{x.input_size[0]} x {x.input_size[1]}',
                f'{x.parameters / 1e6:.2f}',
                f'{x.multiply_adds / 1e9:.1f}',
            ]
            for x in networks
        ],
        'llrr',
    )
