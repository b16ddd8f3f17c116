"""Find the thresholds of a trained EPSNet with the highest PQ.

The network runs once per image; only the fusion into a panoptic map is repeated.
Choose thresholds on other images than those of the final figure.

Example: threshold_sweep.py CONFIG CHECKPOINT --plot sweep.png
"""

import argparse
import itertools
import json
from pathlib import Path

from epsnet_mm.analysis.detection_recall import keep_scores_from
from epsnet_mm.analysis.fusion_counter import tabulate_counts
from epsnet_mm.analysis.ground_truth import image_groups, thing_flags
from epsnet_mm.analysis.threshold_sweep import (
    Setting,
    sweep_dataset,
    sweep_summary,
)
from epsnet_mm.analysis.threshold_views import draw_sweep, sweep_table, sweep_verdict
from epsnet_mm.apis import PanopticInferencer
from epsnet_mm.engine.command_line import (
    add_network,
    exit_on_error,
    read_network,
)
from epsnet_mm.progress import show_progress
from epsnet_runtime.atomic_write import write_atomically

from mmdet.registry import DATASETS

SCORES = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7)
OVERLAPS = (0.2, 0.35, 0.5, 0.65, 0.8)


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_network(parser)
    parser.add_argument(
        '--scores',
        type=float,
        nargs='+',
        default=SCORES,
        help='score thresholds (default: 0.05 to 0.7)',
    )
    parser.add_argument(
        '--overlaps',
        type=float,
        nargs='+',
        default=OVERLAPS,
        help='overlap thresholds (default: 0.2 to 0.8)',
    )
    parser.add_argument(
        '--stuff-areas',
        type=int,
        nargs='+',
        default=(),
        help="limits of stuff in pixels (default: the config's)",
    )
    parser.add_argument('--plot', help='picture to write')
    parser.add_argument('--json', metavar='FILE', help='write all numbers to a file')
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    with exit_on_error():
        cfg = read_network(args)
        own = Setting.of_config(cfg)
        choices = (args.scores, args.overlaps, args.stuff_areas)
        values = [sorted({*x, mine}) for x, mine in zip(choices, own, strict=True)]
        settings = [Setting(*x) for x in itertools.product(*values)]
        keep_scores_from(cfg, min(x.score_thr for x in settings))
        inferencer = PanopticInferencer(cfg, args.checkpoint, args.device)
        dataset = DATASETS.build(cfg.test_dataloader.dataset)
        images = sweep_dataset(inferencer.model, dataset, cfg.test_evaluator, settings)
        stats = list(show_progress(images, 'Sweeping', len(dataset)))
        ids = dataset.cat_ids
        summary = sweep_summary(
            settings,
            [tabulate_counts(x, ids) for x in zip(*stats, strict=True)],
            thing_flags(dataset),
            own,
            image_groups(cfg.test_evaluator.ann_file, dataset),
        )
        if args.json:
            write_atomically(json.dumps(summary).encode(), Path(args.json))
        if args.plot:
            Path(args.plot).parent.mkdir(parents=True, exist_ok=True)
            draw_sweep(summary).savefig(args.plot, dpi=120)
    print(f'{sweep_table(summary)}\n\n{sweep_verdict(summary)}')


if __name__ == '__main__':
    main()
