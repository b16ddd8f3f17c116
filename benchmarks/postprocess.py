"""Time and memory of EPSNet's post-processing alone, from NMS to panoptic map."""

import argparse
from pathlib import Path

from benchmarks.measurement import report
from benchmarks.measurement.command_line import (
    add_machine,
    add_runs,
    command_text,
    print_progress,
)
from benchmarks.measurement.environment import describe_machine, set_threads
from benchmarks.measurement.postprocess import measure_postprocess

ROOT = Path(__file__).resolve().parents[1]

INSTANCES = (10, 30, 100)
IMAGE_SIZES = ((480, 640), (1500, 2000))
NMS = dict(
    nms=dict(type='nms', iou_threshold=0.5),
    fast_nms=dict(type='fast_nms', iou_threshold=0.5, top_k=200),
)


def parse_args(argv=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog='For 10, 30 and 100 instances at 640 x 480 and 2000 x 1500 px. The '
        "network's outputs are random.",
    )
    parser.add_argument(
        '--nms', choices=list(NMS), default='nms', help='(default: nms)'
    )
    add_runs(parser, iters=20, warmup=3)
    add_machine(parser)
    return parser.parse_args(argv)


def main() -> None:
    """Measure and print."""
    args = parse_args()
    set_threads(args.threads)
    costs = []
    for image_size in IMAGE_SIZES:
        for instances in INSTANCES:
            print_progress(f'{instances} instances, {image_size[1]} x {image_size[0]}')
            costs.append(
                measure_postprocess(
                    ROOT / 'configs',
                    instances,
                    image_size,
                    NMS[args.nms],
                    args.iters,
                    args.warmup,
                    args.device,
                )
            )
    print(
        report.postprocess_report(
            costs,
            describe_machine(args.device),
            args.nms,
            args.iters,
            args.warmup,
            command_text('postprocess'),
        )
    )


if __name__ == '__main__':
    main()
