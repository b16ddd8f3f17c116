"""Parameters and multiply-adds of the networks that configs describe."""

import argparse
from pathlib import Path

from epsnet_mm.analysis.model_complexity import complexity_table, model_complexity
from epsnet_mm.engine import runner_config
from epsnet_mm.engine.command_line import exit_on_error

from mmengine.registry import init_default_scope


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog='MMDetection calls a multiply-add a FLOP. Convolutions, matrix '
        'products and attention are counted; NMS and fusion are not.',
    )
    parser.add_argument('configs', nargs='+', help='config files')
    parser.add_argument(
        '--shape',
        type=int,
        nargs=2,
        metavar=('H', 'W'),
        help="input size in pixels (default: the config's `image_size`)",
    )
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    init_default_scope('mmdet')
    with exit_on_error():
        configs = {x: runner_config.load_config(x) for x in args.configs}
    networks = [
        model_complexity(cfg, Path(path).stem, args.shape)
        for path, cfg in configs.items()
    ]
    print(complexity_table(networks))


if __name__ == '__main__':
    main()
