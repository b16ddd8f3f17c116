"""Parameters and multiply-adds of the networks that configs describe."""

import argparse
from pathlib import Path

import torch
from mmcv.ops import ModulatedDeformConv2d
from mmdet.registry import MODELS
from mmengine.config import Config
from mmengine.registry import init_default_scope
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog='A multiply-add is what MMDetection calls a FLOP. Convolutions, matrix '
        'products and attention are counted; NMS and fusion are not.',
    )
    parser.add_argument('configs', nargs='+', help='config files')
    parser.add_argument(
        '--shape',
        type=int,
        nargs=2,
        metavar=('H', 'W'),
        help="input size in pixels; by default the config's `image_size`",
    )
    return parser.parse_args()


def measure(config: str, shape: list[int] | None) -> tuple[float, float, tuple]:
    """Millions of parameters, billions of multiply-adds, (H, W)."""
    cfg = Config.fromfile(config)
    cfg.model.backbone.init_cfg = None
    height, width = shape or cfg.image_size[::-1]
    # Shapes suffice: the meta device computes nothing. mmcv's ops don't know it.
    device = 'cpu' if cfg.model.backbone.get('dcn') else 'meta'
    # Built on the CPU, because some backbones compute a few numbers as they are built.
    model = MODELS.build(cfg.model).eval().to(device)
    image = torch.empty(1, 3, height, width, device=device)
    deformable = []
    for module in model.modules():
        if isinstance(module, ModulatedDeformConv2d):
            module.register_forward_hook(
                lambda conv, _, out: deformable.append(
                    out.numel() * conv.weight[0].numel()
                )
            )
    # Of the attention kernels on a CPU, the counter knows this one only.
    with (
        FlopCounterMode(display=False) as counter,
        torch.no_grad(),
        sdpa_kernel(SDPBackend.MATH),
    ):
        model(image)
    operations = counter.get_total_flops() / 2 + sum(deformable)
    parameters = sum(x.numel() for x in model.parameters())
    return parameters / 1e6, operations / 1e9, (height, width)


def main() -> None:
    args = parse_args()
    init_default_scope('mmdet')
    print('| config | input | parameters (M) | multiply-adds (G) |')
    print('| --- | --- | ---: | ---: |')
    for config in args.configs:
        parameters, operations, (height, width) = measure(config, args.shape)
        print(
            f'| {Path(config).stem} | {height} x {width} | {parameters:.2f} '
            f'| {operations:.1f} |'
        )


if __name__ == '__main__':
    main()
