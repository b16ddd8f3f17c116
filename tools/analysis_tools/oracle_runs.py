"""Tell what PQ an EPSNet would have if one part of it were perfect.

Boxes, classes, masks and the semantic map of the test set are replaced by the truth,
one at a time. The network runs once per image; only fusion is repeated.

Example: oracle_runs.py CONFIG CHECKPOINT
"""

import argparse
import json
from pathlib import Path

from epsnet_mm.analysis.detection_recall import require_epsnet
from epsnet_mm.analysis.fusion_counter import tabulate_counts
from epsnet_mm.analysis.ground_truth import image_groups, thing_flags
from epsnet_mm.analysis.oracles.oracle_runs import (
    oracle_summary,
    oracle_table,
    run_oracles,
)
from epsnet_mm.analysis.oracles.replacements import ORACLES
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
    parser.add_argument('--json', metavar='FILE', help='write all numbers to a file')
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    with exit_on_error():
        cfg = read_network(args)
        require_epsnet(cfg)
        inferencer = PanopticInferencer(cfg, args.checkpoint, args.device)
        dataset = DATASETS.build(cfg.test_dataloader.dataset)
        images = run_oracles(inferencer.model, dataset, cfg.test_evaluator)
        stats = list(show_progress(images, 'Replacing', len(dataset)))
        rows = oracle_summary(
            list(ORACLES),
            [tabulate_counts(x, dataset.cat_ids) for x in zip(*stats, strict=True)],
            thing_flags(dataset),
            image_groups(cfg.test_evaluator.ann_file, dataset),
        )
        if args.json:
            write_atomically(json.dumps(rows).encode(), Path(args.json))
    print(oracle_table(rows))


if __name__ == '__main__':
    main()
