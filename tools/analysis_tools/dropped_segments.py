"""Tell which thresholds of a trained EPSNet drop segments that its network has.

A file of results does not have what post-processing dropped. This tool runs the
network on the test set, and looks for an output that fits each missed object.

Example: dropped_segments.py CONFIG CHECKPOINT
"""

import argparse
import json
from pathlib import Path

from epsnet_mm.analysis.detection_recall import require_epsnet
from epsnet_mm.analysis.dropped_segments.summary import (
    drop_summary,
    drop_table,
    find_drops,
)
from epsnet_mm.analysis.ground_truth import thing_flags
from epsnet_mm.apis import PanopticInferencer
from epsnet_mm.engine.command_line import (
    add_network,
    exit_on_error,
    read_network,
)
from epsnet_mm.progress import show_progress
from epsnet_runtime.atomic_write import write_atomically

from mmdet.registry import DATASETS


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_network(parser)
    parser.add_argument(
        '--lowest-score',
        type=float,
        default=0.05,
        help='detections of lower scores are no output (default: %(default)s)',
    )
    parser.add_argument('--json', metavar='FILE', help='write all numbers to a file')
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    with exit_on_error():
        cfg = read_network(args)
        require_epsnet(cfg)
        inferencer = PanopticInferencer(cfg, args.checkpoint, args.device)
        dataset = DATASETS.build(cfg.test_dataloader.dataset)
        images = find_drops(
            inferencer.model, dataset, cfg.test_evaluator, args.lowest_score
        )
        drops = list(show_progress(images, 'Looking', len(dataset)))
        summary = drop_summary(drops, thing_flags(dataset), dataset.metainfo['classes'])
        if args.json:
            write_atomically(json.dumps(summary).encode(), Path(args.json))
    print(drop_table(summary))


if __name__ == '__main__':
    main()
