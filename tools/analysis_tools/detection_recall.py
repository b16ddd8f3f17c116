"""Tell which objects of the test set a trained EPSNet localizes and classifies."""

import argparse

from epsnet_mm.analysis.detection_recall import (
    find_in_dataset,
    keep_scores_from,
    recall_table,
)
from epsnet_mm.apis import PanopticInferencer
from epsnet_mm.engine.command_line import (
    add_network,
    exit_on_error,
    read_network,
)
from epsnet_mm.progress import show_progress

from mmdet.registry import DATASETS


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog='For objects that are not localized, try other anchors, larger images '
        'or a longer training. For objects that are localized with a low score or '
        'without their class, try a larger weight of `bbox_head.loss_cls`.',
    )
    add_network(parser)
    parser.add_argument(
        '--iou',
        type=float,
        default=0.5,
        help='lowest IoU of a box that localizes an object (default: 0.5)',
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
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    with exit_on_error():
        cfg = read_network(args)
        keep_scores_from(cfg, args.score_thr)
        inferencer = PanopticInferencer(cfg, args.checkpoint, args.device)
        dataset = DATASETS.build(cfg.test_dataloader.dataset)
    images = show_progress(
        find_in_dataset(inferencer.model, dataset, args.iou), 'Detecting', len(dataset)
    )
    found = [item for image in images for item in image]
    print(recall_table(found, dataset.metainfo['thing_classes'], sorted(args.sizes)))


if __name__ == '__main__':
    main()
