"""Write a trained network as one file: image in, panoptic map out."""

import argparse

from epsnet_mm.deployment.export_check import (
    FORMATS,
    PRECISIONS,
    check_precision,
    check_target,
)
from epsnet_mm.deployment.network_export import export_network
from epsnet_mm.engine import runner_config
from epsnet_mm.engine.command_line import add_cfg_options, exit_on_error


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='config file of an EPSNet')
    parser.add_argument('checkpoint', help='checkpoint file (.pth)')
    parser.add_argument(
        '--format', choices=list(FORMATS), default='onnx', help='(default: onnx)'
    )
    parser.add_argument('--out', required=True, help='file to write')
    parser.add_argument(
        '--size',
        nargs=2,
        type=int,
        metavar=('HEIGHT', 'WIDTH'),
        help="of the network's input (default: that of the config's test pipeline)",
    )
    parser.add_argument(
        '--channel-order',
        choices=['bgr', 'rgb'],
        default='bgr',
        help='of the images that the file will get (default: bgr)',
    )
    parser.add_argument(
        '--precision',
        choices=list(PRECISIONS),
        default='fp32',
        help="of the network's weights (default: fp32)",
    )
    parser.add_argument(
        '--calibration',
        nargs='+',
        metavar='IMAGES',
        help='training images, folders or patterns, of which some tell the ranges of '
        'activations for int8',
    )
    add_cfg_options(parser)
    return parser.parse_args(argv)


def main() -> None:
    """Load, trace, write, check."""
    args = parse_args()
    with exit_on_error():
        check_target(args.out, args.format)
        check_precision(args.precision, args.calibration)
        cfg = runner_config.load_config(
            args.config, args.cfg_options, allow_new_keys=args.allow_new_keys
        )
        runner_config.check_checkpoint_path(args.checkpoint)
        metadata = export_network(
            cfg,
            args.checkpoint,
            args.out,
            args.format,
            args.size,
            args.channel_order,
            args.precision,
            args.calibration,
        )
    height, width = metadata['network_size']
    print(
        f'Wrote {args.out}: {len(metadata["classes"])} classes, network at '
        f'{width} x {height} px, {metadata["precision"]}.'
    )


if __name__ == '__main__':
    main()
