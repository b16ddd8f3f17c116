"""Print what quantizing each part of an exported network costs in PQ."""

import argparse
from pathlib import Path

from epsnet_mm.deployment.export_check import check_precision
from epsnet_mm.engine import runner_config
from epsnet_mm.engine.command_line import add_cfg_options, exit_on_error


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog='Parts that cost too much belong into KEEP_FLOAT of '
        'epsnet_mm/deployment/quantization.py.',
    )
    parser.add_argument('config', help='config file of an EPSNet')
    parser.add_argument('model', help='file that export.py wrote in fp32 (.onnx)')
    parser.add_argument(
        '--calibration',
        nargs='+',
        required=True,
        metavar='IMAGES',
        help='training images, folders or patterns',
    )
    parser.add_argument(
        '--images', type=int, default=20, help='test images of a PQ (default: 20)'
    )
    add_cfg_options(parser)
    return parser.parse_args(argv)


def main() -> None:
    """Quantize one part after the other, and evaluate."""
    args = parse_args()
    with exit_on_error():
        check_precision('int8', args.calibration)
        if not Path(args.model).is_file():
            raise FileNotFoundError(
                f'{args.model} does not exist; give a file that export.py wrote.'
            )
        cfg = runner_config.load_config(
            args.config, args.cfg_options, allow_new_keys=args.allow_new_keys
        )
        # They need packages that the checks above have looked for.
        from epsnet_mm.deployment.calibration_images import CalibrationImages
        from epsnet_mm.deployment.onnx_file import read_metadata
        from epsnet_mm.deployment.quantization_sensitivity import measure_costs

        import onnx

        model = onnx.load(args.model)
        metadata = read_metadata(model)
        if metadata['precision'] != 'fp32':
            raise ValueError(
                f'{args.model} is in {metadata["precision"]}: give the file in fp32.'
            )
        images = CalibrationImages(args.calibration, metadata['channel_order'])
        costs = measure_costs(cfg, model, images, args.images)
        print('| quantized | nodes | PQ | change | equal pixels (%) |')
        print('| --- | --- | --- | --- | --- |')
        base = None
        for part, nodes, pq, kept in costs:
            base = pq if base is None else base
            row = part, nodes, f'{pq:.2f}', f'{pq - base:+.2f}', f'{kept:.2f}'
            print(f'| {" | ".join(map(str, row))} |', flush=True)


if __name__ == '__main__':
    main()
