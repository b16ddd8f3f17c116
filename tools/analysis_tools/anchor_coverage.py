"""Tell how many objects of the training set the config's anchors fit."""

import argparse
import sys

from epsnet_mm.analysis.anchor_coverage import (
    best_overlaps,
    coverage_table,
)
from epsnet_mm.engine import runner_config

from mmdet.registry import DATASETS
from mmengine.config import DictAction
from mmengine.registry import init_default_scope


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog='An object is learnt from the anchors whose IoU '
        'with it reaches `train_cfg.bbox_head.assigner.pos_iou_thr`, 0.5 by default. '
        'Where that is rare, other `base_sizes`, a larger `image_size` or a lower '
        'threshold help.',
    )
    parser.add_argument('config', help='config file of an EPSNet')
    parser.add_argument(
        '--iou',
        type=float,
        nargs='+',
        default=[0.5, 0.4, 0.35, 0.3],
        help='thresholds (default: 0.5 0.4 0.35 0.3)',
    )
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        action=DictAction,
        metavar='KEY=VALUE',
        help='override config entries',
    )
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    try:
        cfg = runner_config.load_config(args.config, args.cfg_options)
        init_default_scope('mmdet')
        dataset = DATASETS.build(cfg.train_dataloader.dataset)
    except (OSError, ValueError) as error:
        sys.exit(f'anchor_coverage: {error}')
    # As the image is shown to the network in testing.
    width, height = next(x.scale for x in cfg.test_pipeline if x.type == 'Resize')
    print(f'{cfg.train_dataloader.dataset.ann_file}, at {width} x {height} px')
    print(
        coverage_table(
            best_overlaps(
                dataset, cfg.model.bbox_head.anchor_generator, (height, width)
            ),
            args.iou,
        )
    )


if __name__ == '__main__':
    main()
