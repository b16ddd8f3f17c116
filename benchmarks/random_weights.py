"""Write a checkpoint of random weights, to export and time untrained networks."""

import argparse
from pathlib import Path

from benchmarks.measurement.detectors import initialize, load_config

import torch

ROOT = Path(__file__).resolve().parents[1]


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, epilog='The weights are those of the CPU table, seed 0.'
    )
    parser.add_argument(
        'config', help='config file of an EPSNet, also relative to configs'
    )
    parser.add_argument('--out', type=Path, required=True, help='file to write (.pth)')
    return parser.parse_args(argv)


def class_names(model: dict) -> dict[str, tuple[str, ...]]:
    """Names that claim nothing: 'thing 1', ..., 'stuff 1', ..."""
    things, stuff = (
        tuple(f'{kind} {x + 1}' for x in range(count))
        for kind, count in (
            ('thing', model['num_things_classes']),
            ('stuff', model['num_stuff_classes']),
        )
    )
    return dict(classes=things + stuff, thing_classes=things, stuff_classes=stuff)


def main() -> None:
    """Build and write."""
    args = parse_args()
    cfg = load_config(args.config, ROOT / 'configs')
    args.out.parent.mkdir(parents=True, exist_ok=True)
    weights = initialize(cfg.model).state_dict()
    meta = dict(dataset_meta=class_names(cfg.model))
    torch.save(dict(state_dict=weights, meta=meta), args.out)
    print(f'Wrote {args.out}')


if __name__ == '__main__':
    main()
