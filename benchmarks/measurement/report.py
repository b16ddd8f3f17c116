"""Tables, CSV files and plots of measurements."""

import csv
from collections.abc import Sequence
from pathlib import Path

from .evaluation import Comparison
from .latency import STAGES, Latency, Settings
from .postprocess import PARTS, PostprocessCost
from .statistics import Summary

TIMED = """\
Timed: one call from image arrays in memory to results in memory. *Preprocess* is
resizing, packing, normalisation and padding; *network* everything made of layers;
*post-process* the rest: box decoding, NMS (also of proposals), mask assembly or
pasting, upsampling of semantic logits, fusion. The result is a panoptic map at the
size of the image; YOLACT's is instance masks, as it segments no stuff. *Whole* is
measured by itself, not added up. Not timed: reading and decoding of files, writing of
results, building the model, warm-up. Memory is what PyTorch allocates at most on top of
weights and inputs, in a run of its own.

Weights are random (seed 0). So that every detector does the same work, the detections
of each are replaced, after its own NMS, by the same {detections} boxes an image, with
sides log-uniform from 3 % to 60 % of the image's; score thresholds are 0. Panoptic
FPN's threshold remains and finds nothing, which saves it an NMS. It pads its input to
a multiple of 32 px, which its semantic head needs.
"""

POSTPROCESS_TIMED = """\
Timed: EPSNet's outputs of one 550 x 550 input (80 things, 53 stuff classes, smooth
random maps) to the panoptic map at the size of the image. *Detection* is scores,
decoding and NMS of 1000 candidates; *masks* are assembled, cropped and upsampled where
a box is; *fusion* resolves overlaps and fills in stuff. After NMS, the detections are
replaced by random boxes with sides log-uniform from 3 % to 60 % of the image's. Memory
is what PyTorch allocates at most on top of the outputs, the map included, in a run of
its own.
"""

TRAINING_TIMED = """\
*Data* is loading, augmentation and normalisation, in the training process; *forward*
and *backward* are all layers and the whole backward pass; a head's loss contains its
targets; *optimizer* contains gradient clipping, if configured.
"""
EVALUATION_TIMED = """\
*Loading* is the PNG and its annotation to boxes, masks and the semantic map,
*evaluation* the matching of one prediction with its PNG; *decoding* of the PNG is part
of both, and beyond the reach of either package. Results are identical, which the tool
checks.
"""


def header(machine: dict[str, str], settings: Settings, command: str) -> str:
    """Markdown that says what was run, where and how."""
    switches = [
        name
        for name, on in (
            ('channels_last', settings.channels_last),
            ('conv-BN folded', settings.fuse_conv_bn),
            ('torch.compile', settings.compile),
        )
        if on
    ]
    height, width = settings.image_size
    input_height, input_width = settings.input_size
    facts = dict(
        machine,
        Precision=', '.join([settings.precision, *switches]),
        Input=f'batch {settings.batch_size}, images {width} x {height} px, '
        f'network input {input_width} x {input_height} px',
        Runs=_runs(settings.iters, settings.warmup),
        Command=f'`{command}`',
    )
    return _list(facts) + '\n\n' + TIMED.format(detections=settings.detections)


def postprocess_header(
    machine: dict[str, str], nms: str, iters: int, warmup: int, command: str
) -> str:
    """Markdown that says what part was run, where and how."""
    facts = dict(machine, NMS=nms, Runs=_runs(iters, warmup), Command=f'`{command}`')
    return _list(facts) + '\n\n' + POSTPROCESS_TIMED


def _runs(iters: int, warmup: int) -> str:
    return f'{iters}, after {warmup} of warm-up; median / 95th percentile'


def _list(facts: dict[str, str]) -> str:
    return '\n'.join(f'- {label}: {text}' for label, text in facts.items())


def training_report(
    measured: dict[str, Summary | float],
    machine: dict[str, str],
    config: str,
    batch_size: int,
    iters: int,
    warmup: int,
    command: str,
) -> str:
    """Markdown of `measure_training`'s result."""
    facts = dict(
        machine,
        Config=f'{config}, batch {batch_size}',
        Runs=_runs(iters, warmup),
        Command=f'`{command}`',
    )
    rows = [
        {'part': part, 'time (ms)': _times(summary)}
        for part, summary in measured.items()
        if part != 'memory'
    ]
    facts['Memory'] = f'{measured["memory"]:.0f} MiB beyond weights and images'
    return f'{_list(facts)}\n\n{TRAINING_TIMED}\n{markdown_table(rows)}'


def evaluation_report(
    comparisons: dict[str, Comparison],
    machine: dict[str, str],
    images: int,
    repeats: int,
    command: str,
) -> str:
    """Markdown of comparisons, by name: 'decoding', 'loading', 'evaluation'."""
    facts = dict(
        machine,
        Runs=f'{repeats} for each of {images} images, in turns; median / 95th '
        'percentile of an image',
        Command=f'`{command}`',
    )
    decoding = comparisons['decoding']
    rows = [
        {
            'part': name,
            'MMDetection (ms)': _times(times.upstream),
            'epsnet_mm (ms)': _times(times.ours),
            'speed-up': f'{times.speedup():.1f}',
            'without decoding': ''
            if times is decoding
            else f'{times.speedup(decoding):.1f}',
        }
        for name, times in comparisons.items()
    ]
    return f'{_list(facts)}\n\n{EVALUATION_TIMED}\n{markdown_table(rows)}'


def _times(summary: Summary) -> str:
    return f'{summary.median:.1f} / {summary.p95:.1f}'


def latency_rows(results: Sequence[Latency], batch_size: int) -> list[dict[str, str]]:
    """Cells of the comparison, by column; ratios to MMDetection's where present."""
    rows = []
    for result in results:
        row = {'detector': result.title}
        for stage in STAGES:
            row[f'{stage} (ms)'] = _times(result.stages[stage])
        row['whole (ms)'] = _times(result.whole)
        row['images/s'] = f'{1e3 * batch_size / result.whole.median:.2f}'
        row['memory (MiB)'] = f'{result.memory:.0f}'
        for peer in results:
            if peer.title in ('Panoptic FPN R101', 'YOLACT R101'):
                ratio = result.whole.median / peer.whole.median
                row[f'x {peer.title}'] = f'{ratio:.2f}'
        rows.append(row)
    return rows


def postprocess_rows(costs: Sequence[PostprocessCost]) -> list[dict[str, str]]:
    """Cells of the table of post-processing, by column."""
    rows = []
    for cost in costs:
        height, width = cost.image_size
        row = {'image': f'{width} x {height}', 'instances': str(cost.instances)}
        for part in PARTS:
            row[f'{part} (ms)'] = f'{cost.parts[part].median:.1f}'
        row['whole (ms)'] = _times(cost.whole)
        row['memory (MiB)'] = f'{cost.memory:.1f}'
        rows.append(row)
    return rows


def markdown_table(rows: Sequence[dict[str, str]]) -> str:
    """A Markdown table; the columns are the keys of the first row.

    Columns after the first are aligned to the right.
    """
    columns = list(rows[0])
    lines = [columns, ['---', *['---:'] * (len(columns) - 1)]]
    lines += [[row[column] for column in columns] for row in rows]
    return ''.join('| ' + ' | '.join(cells) + ' |\n' for cells in lines)


def write_csv(path: Path, results: Sequence[Latency]) -> None:
    """Numbers of the comparison: a row for each detector, ms and MiB."""
    names = [*STAGES, 'whole']
    columns = [f'{name}_{kind}_ms' for name in names for kind in ('median', 'p95')]
    with open(path, 'w', newline='', encoding='utf-8') as file:
        writer = csv.writer(file)
        writer.writerow(['detector', *columns, 'memory_mib'])
        for result in results:
            summaries = [*(result.stages[stage] for stage in STAGES), result.whole]
            times = [f'{x:.3f}' for summary in summaries for x in summary]
            writer.writerow([result.title, *times, f'{result.memory:.1f}'])


def plot_stages(path: Path, results: Sequence[Latency], caption: str) -> None:
    """Stacked bars of the stages' medians, one for each detector.

    Args:
        path: Picture to write; its suffix is the format.
        results: Measured rows, from top to bottom.
        caption: Machine and settings, below the bars.
    """
    # No display is needed to write a file.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 1.2 + 0.45 * len(results)), layout='constrained')
    axes = figure.subplots()
    titles = [result.title for result in results]
    left = [0.0] * len(results)
    for stage in STAGES:
        medians = [result.stages[stage].median for result in results]
        axes.barh(titles, medians, left=left, label=stage)
        left = [start + length for start, length in zip(left, medians, strict=True)]
    axes.invert_yaxis()
    axes.set_xlabel(f'median time of a batch (ms)\n{caption}')
    axes.legend()
    figure.savefig(path, dpi=150)
