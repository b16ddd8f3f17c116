"""Write a checkpoint of random weights, to export and time untrained networks."""

import argparse
from pathlib import Path

from benchmarks.measurement.detectors import initialize, load_config

import torch
from mmdet.registry import DATASETS

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


def main() -> None:
    """Build and write."""
    args = parse_args()
    cfg = load_config(args.config, ROOT / 'configs')
    dataset = cfg.test_dataloader.dataset
    meta = {}
    # Class names that the config leaves to its dataset.
    if not dataset.get('metainfo'):
        meta['dataset_meta'] = dict(DATASETS.get(dataset.type).METAINFO)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    weights = initialize(cfg.model).state_dict()
    torch.save(dict(state_dict=weights, meta=meta), args.out)
    print(f'Wrote {args.out}')


if __name__ == '__main__':
    main()
