"""Tell which objects of the test set a trained EPSNet frames, and how surely."""

import argparse
import sys

from epsnet_mm.analysis.detection_recall import (
    find_in_dataset,
    recall_table,
)
from epsnet_mm.apis import PanopticInferencer
from epsnet_mm.engine import runner_config
from epsnet_mm.progress import show_progress

from mmdet.registry import DATASETS
from mmengine.config import DictAction


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog='Objects without a frame ask for other anchors, '
        'larger images or more training; framed objects of low score, or without their '
        'class, for more weight on `bbox_head.loss_cls`.',
    )
    parser.add_argument('config', help='config file of an EPSNet')
    parser.add_argument('checkpoint', help='checkpoint file (.pth)')
    parser.add_argument(
        '--iou',
        type=float,
        default=0.5,
        help='IoU from which on a box frames an object (default: 0.5)',
    )
    parser.add_argument(
        '--score-thr',
        type=float,
        default=0.05,
        help='leave out boxes of lower scores (default: 0.05)',
    )
    parser.add_argument(
        '--sizes',
        type=float,
        nargs='*',
        default=[16, 32, 64],
        metavar='PX',
        help='limits between the rows of a class: square root of the area of the '
        'box (default: 16 32 64)',
    )
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        action=DictAction,
        metavar='KEY=VALUE',
        help='override config entries',
    )
    parser.add_argument('--device', default='cpu', help='cpu, cuda:0, ...')
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    try:
        cfg = runner_config.load_config(args.config, args.cfg_options)
        runner_config.check_checkpoint_path(args.checkpoint)
        if cfg.model.type != 'EPSNet':
            raise ValueError(f'{args.config} is no EPSNet, but {cfg.model.type}.')
        cfg.model.test_cfg.bbox_head.score_thr = args.score_thr
        inferencer = PanopticInferencer(cfg, args.checkpoint, args.device)
        dataset = DATASETS.build(cfg.test_dataloader.dataset)
    except (OSError, ValueError) as error:
        sys.exit(f'detection_recall: {error}')
    images = show_progress(
        find_in_dataset(inferencer.model, dataset, args.iou), 'Detecting', len(dataset)
    )
    found = [item for image in images for item in image]
    print(recall_table(found, dataset.metainfo['thing_classes'], sorted(args.sizes)))


if __name__ == '__main__':
    main()
