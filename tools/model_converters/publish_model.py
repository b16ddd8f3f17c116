"""Make a small file for others of a training's checkpoint.

Keeps the weights that are evaluated (with EMA, the averaged ones) and the classes.
Leaves out optimizer, schedule and history, so that training cannot resume from it.
"""

import argparse

import epsnet_mm
from epsnet_mm.engine.command_line import exit_on_error
from epsnet_mm.engine.safe_load import load_weights_only

import torch
from mmengine.runner import save_checkpoint


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('checkpoint', help='checkpoint of a training (.pth)')
    parser.add_argument('out', help='file to write (.pth)')
    parser.add_argument('--config', required=True, help='name of its config, to record')
    parser.add_argument(
        '--half',
        action='store_true',
        help='store weights in half precision; they load as usual',
    )
    return parser.parse_args()


def publish(checkpoint: dict, config: str, half: bool) -> dict:
    """What is kept of a checkpoint.

    Args:
        checkpoint: Of a training.
        config: Name of its config.
        half: Store floats in 16 bits.

    Raises:
        ValueError: A weight is too large for half precision.
    """
    weights = {}
    for name, value in checkpoint['state_dict'].items():
        if half and value.is_floating_point():
            stored = value.half()
            if not stored.isfinite().all():
                raise ValueError(
                    f'`{name}` has values beyond 65504, too large for half precision: '
                    'publish without --half.'
                )
            value = stored
        weights[name] = value.contiguous().clone()
    kept = ('epoch', 'iter', 'seed', 'dataset_meta')
    meta = {key: value for key, value in checkpoint['meta'].items() if key in kept}
    meta.update(config=config, epsnet_mm_version=epsnet_mm.__version__)
    return dict(meta=meta, state_dict=weights)


def main() -> None:
    args = parse_args()
    with exit_on_error():
        checkpoint = load_weights_only(args.checkpoint, map_location='cpu')
        if not {'state_dict', 'meta'} <= set(checkpoint):
            raise ValueError(
                f'{args.checkpoint} is no checkpoint of a training: it needs '
                '`state_dict` and `meta`, as tools/train.py writes them.'
            )
        published = publish(checkpoint, args.config, args.half)
        save_checkpoint(published, args.out)
    number = sum(x.numel() for x in published['state_dict'].values())
    precision = torch.float16 if args.half else torch.float32
    print(f'{args.out}: {number:,} values in {precision}')


if __name__ == '__main__':
    main()
