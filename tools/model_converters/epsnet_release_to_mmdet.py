"""Convert a checkpoint of the authors' release into one of this project."""

import argparse
import sys
from pathlib import Path

from epsnet_mm.engine.runner_config import load_config
from epsnet_mm.models.converters.release_weights import (
    ReleaseError,
    convert_state_dict,
    depth_of,
    read_release,
)

from mmdet.datasets import CocoPanopticDataset
from mmdet.registry import MODELS
from mmengine.registry import init_default_scope
from mmengine.runner import save_checkpoint

ROOT = Path(__file__).resolve().parents[2]


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('src', help='state dict of the release (.pth)')
    parser.add_argument('dst', nargs='?', help='checkpoint to write (.pth)')
    parser.add_argument(
        '--config',
        help='config that the checkpoint is for; by default, depending on the depth '
        'of SRC, configs/epsnet/epsnet_r{50,101}_fpn_official-weights_coco.py',
    )
    parser.add_argument(
        '--dry-run',
        action='store_true',
        help='print which entry becomes which, and write nothing',
    )
    args = parser.parse_args()
    if args.dst is None and not args.dry_run:
        parser.error('name the file to write, or use --dry-run')
    return args


def config_of(depth: int) -> Path:
    return ROOT / f'configs/epsnet/epsnet_r{depth}_fpn_official-weights_coco.py'


def main() -> None:
    args = parse_args()
    init_default_scope('mmdet')
    try:
        released = read_release(args.src)
        config = args.config or config_of(depth_of(released))
        model = MODELS.build(load_config(config).model)
        state_dict, names = convert_state_dict(released, model.state_dict())
    except ReleaseError as error:
        sys.exit(f'{args.src}: {error}')
    except (FileNotFoundError, ValueError) as error:
        sys.exit(str(error))  # names its file
    if args.dry_run:
        print('\n'.join(f'{source} -> {target}' for source, target in names.items()))
        return
    meta = dict(config=Path(config).name, dataset_meta=CocoPanopticDataset.METAINFO)
    save_checkpoint(dict(state_dict=state_dict, meta=meta), args.dst)
    print(f'{args.dst}: {len(names)} entries, for {config}')


if __name__ == '__main__':
    main()
