"""The report of some results: where their PQ gets lost, as one HTML file."""

import os.path as osp
from collections.abc import Sequence
from pathlib import Path

from epsnet_runtime.atomic_write import write_atomically
from epsnet_runtime.coco.segment_runs import measure_segments

import numpy as np

from ...evaluation.pq_terms.causes import Cause
from ...progress import show_progress
from ...visualization.palettes import class_colors
from ..pq_errors.bootstrap import draw
from ..pq_errors.calibration import calibration_summary
from ..pq_errors.error_analysis import ErrorAnalysis, analyze_errors
from ..pq_errors.result_files import ImagePair, ResultFiles
from ..pq_errors.summary import summarize
from .advice import ADVICE
from .cause_colors import CAUSE_COLORS
from .examples import Example, choose_examples, group_errors, term_costs
from .findings import findings
from .page import render_page
from .page_picture import describe_error, page_picture
from .raw_outputs import dropped_rows, read_numbers, threshold_grid
from .reliability_diagram import reliability_diagram
from .waterfall import waterfall


def write_results_report(
    results: str,
    ann_file: str,
    seg_dir: str,
    img_dir: str,
    out: str,
    results_dir: str | None = None,
    title: str | None = None,
    sweep: str | None = None,
    dropped: str | None = None,
    **options: object,
) -> None:
    """Make a page of some results, see `results_report`.

    Args:
        results: COCO panoptic JSON of predictions.
        ann_file: COCO panoptic JSON of the ground truth.
        seg_dir: Folder of the ground truth's PNGs.
        img_dir: Folder of the images.
        out: The HTML file; its folder is made where there is none.
        results_dir: Folder of the predicted PNGs; None for the results without .json.
        title: Heading of the page; None for the name of the results.
        sweep: What `threshold_sweep.py --json` has written, or None.
        dropped: What `dropped_segments.py --json` has written, or None.
        **options: More of `results_report`.
    """
    files = ResultFiles(results, ann_file, seg_dir, results_dir)
    title = title or Path(results).name.removesuffix('.json').removesuffix('.panoptic')
    page = results_report(
        files,
        img_dir,
        title,
        sweep=sweep and read_numbers(sweep, 'threshold_sweep'),
        dropped=dropped and read_numbers(dropped, 'dropped_segments'),
        **options,
    )
    write_atomically(page.encode(), Path(out))


def results_report(
    files: ResultFiles,
    img_dir: str,
    title: str,
    sweep: dict | None = None,
    dropped: dict | None = None,
    boundary: bool = False,
    resamples: int = 1000,
    max_images: int = 60,
    picture_size: int = 560,
    quiet: bool = False,
) -> str:
    """Analyze results and make a page of them.

    The same results give the same page.

    Args:
        files: Results and their ground truth.
        img_dir: Folder of the images.
        title: Heading of the page.
        sweep: As `sweep_summary` gives, to show other thresholds.
        dropped: As `drop_summary` gives, to show what rules drop.
        boundary: Measure boundary PQ too.
        resamples: Draws of the bootstrap.
        max_images: Number of images in the gallery, at most.
        picture_size: Longest side of its pictures, in pixels.
        quiet: Show no progress.

    Returns:
        HTML.

    Raises:
        FileNotFoundError: If a file or folder does not exist.
        ValueError: If one can't be read, or they don't fit together.
    """
    if not osp.isdir(img_dir):
        raise FileNotFoundError(
            f'The folder {img_dir} of the images does not exist: correct the path.'
        )
    analysis = analyze_errors(files, boundary, quiet)
    summary = summarize(analysis, draw(analysis.groups, resamples))
    calibration = calibration_summary(analysis, files)
    pq = summary['quality']['All']['pq']
    examples = choose_examples(analysis, max_images=max_images)
    pictures, cards = _gallery(analysis, files, examples, img_dir, picture_size, quiet)
    return render_page(
        'results.html',
        title=title,
        summary=summary,
        findings=findings(summary, calibration),
        bars=waterfall(summary),
        calibration=calibration,
        reliability=reliability_diagram(calibration) if calibration else [],
        causes=[
            dict(
                key=cause.name.lower(),
                title=cause.title,
                color=CAUSE_COLORS[cause],
                advice=ADVICE[cause],
            )
            for cause in Cause
        ],
        classes=[x for x in summary['classes'] if x['tp'] + x['fp'] + x['fn']],
        sweep=sweep and threshold_grid(sweep, pq),
        dropped=dropped and dropped_rows(dropped, pq),
        cards=cards,
        data=dict(pictures=pictures, confusion=summary['confusion']),
    )


def _gallery(
    analysis: ErrorAnalysis,
    files: ResultFiles,
    examples: Sequence[Example],
    img_dir: str,
    picture_size: int,
    quiet: bool,
) -> tuple[list[dict], list[dict]]:
    """Pictures, and a card for each example, which names its picture by position."""
    costs = term_costs(analysis)
    palette = class_colors(
        [category.get('color') for category in analysis.categories],
        len(analysis.categories),
    )
    by_image: dict[int, list[Example]] = {}
    for example in examples:
        by_image.setdefault(example.image, []).append(example)
    errors_of: dict[int, list] = {}
    for error in group_errors(analysis.terms, costs):
        errors_of.setdefault(int(analysis.terms['image'][error[0]]), []).append(error)
    pictures, card_of = [], {}
    for image, own in show_progress(
        by_image.items(), 'Drawing', len(by_image), disable=quiet
    ):
        pair = files[image]
        name = files.images[image]['file_name']
        boxes = (measure_segments(pair.gt_ids), measure_segments(pair.pred_ids))
        for example in own:
            card_of[example] = _card(analysis, example, len(pictures), boxes, pair)
        path = osp.join(img_dir, name)
        pictures.append(
            page_picture(
                analysis,
                pair,
                path,
                name,
                errors_of[image],
                costs,
                palette,
                picture_size,
            )
        )
    return pictures, [card_of[example] for example in examples]


def _card(
    analysis: ErrorAnalysis,
    example: Example,
    picture: int,
    boxes: tuple[dict, dict],
    pair: ImagePair,
) -> dict:
    """What the page says about an example, and what its filters look at."""
    card = dict(kind=example.kind, picture=picture)
    if example.kind == 'error':
        error = describe_error(analysis, example.terms, example.cost, boxes, pair)
        return dict(
            card,
            cause=error['cause'],
            classes=error['classes'],
            size=error['size'],
            boxes=error['boxes'],
            color=error['color'],
            heading=f'{error["title"]}: {error["text"]}',
            detail=f'Costs {error["cost"]:.2f} points of PQ. '
            f'{error["size"].capitalize()}, {error["area"]:,} pixels.',
        )
    rows = analysis.terms[list(example.terms)]
    names = [category['name'] for category in analysis.categories]
    causes = np.unique(rows['cause'][rows['loss'] > 0])
    return dict(
        card,
        cause=' '.join(Cause(cause).name.lower() for cause in causes),
        classes=[names[c] for c in np.unique(rows['category'])],
        size='',
        boxes=[],
        color='',
        heading=f'{example.kind.capitalize()} image: PQ {example.quality:.1f}',
        detail=f'Costs {example.cost:.2f} points of the PQ of all images.',
    )
