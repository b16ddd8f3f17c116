"""Tell how many objects of the training set the config's anchors fit."""

import argparse

from epsnet_mm.analysis.anchor_coverage import (
    best_overlaps,
    coverage_table,
    resized_size,
)
from epsnet_mm.engine import runner_config
from epsnet_mm.engine.command_line import add_cfg_options, exit_on_error

from mmdet.registry import DATASETS
from mmengine.registry import init_default_scope


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog='The network learns an object from the anchors whose IoU with it '
        'reaches `train_cfg.bbox_head.assigner.pos_iou_thr`, 0.5 by default. '
        'If few anchors do, try other `base_sizes`, a larger `image_size` or a lower '
        'threshold.',
    )
    parser.add_argument('config', help='config file of an EPSNet')
    parser.add_argument(
        '--iou',
        type=float,
        nargs='+',
        default=[0.5, 0.4, 0.35, 0.3],
        help='thresholds (default: 0.5 0.4 0.35 0.3)',
    )
    add_cfg_options(parser)
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    with exit_on_error():
        cfg = runner_config.load_config(
            args.config, args.cfg_options, allow_new_keys=args.allow_new_keys
        )
        init_default_scope('mmdet')
        height, width = resized_size(cfg)
        dataset = DATASETS.build(cfg.train_dataloader.dataset)
    overlaps = best_overlaps(
        dataset, cfg.model.bbox_head.anchor_generator, (height, width)
    )
    print(f'{cfg.train_dataloader.dataset.ann_file}, at {width} x {height} px')
    print(coverage_table(overlaps, args.iou))


if __name__ == '__main__':
    main()
