"""Markdown of measurements."""

from collections.abc import Sequence

from epsnet_mm.analysis.markdown_table import markdown_table

from .attention import AttentionCost
from .evaluation import Comparison
from .latency import STAGES, Latency, Settings
from .nms import NMSCost
from .postprocess import PARTS, PostprocessCost
from .statistics import Summary
from .training import TrainingCost, TrainingSettings

# Detectors that the others are compared with.
BASELINES = ('Panoptic FPN R101', 'YOLACT R101')

LATENCY_NOTES = """\
Timed: one call, from image arrays in memory to results in memory.

- *Preprocess*: resizing, packing, normalization and padding.
- *Network*: everything that consists of layers.
- *Post-process*: the rest, which is box decoding, NMS (also of proposals), mask
  assembly or pasting, upsampling of semantic logits, fusion.
- *Whole*: measured separately; it is not the sum of the stages.

The result is a panoptic map at the size of the image. YOLACT's result is instance
masks, as it segments no stuff. Not timed: reading and decoding of files, writing of
results, building the model, warm-up. Memory is the peak of what PyTorch allocates
beyond weights and inputs, measured in a separate run.

Weights are random (seed 0). After its own NMS, the detections of each detector are
replaced by the same {detections} boxes per image, so that all do the same work. The
sides of the boxes are log-uniform from 3 % to 60 % of the image's sides; score
thresholds are 0. Panoptic FPN keeps its threshold, which no detection reaches, so one
NMS has no work. Panoptic FPN also pads its input to a multiple of 32 px, which its
semantic head needs.
"""

POSTPROCESS_NOTES = """\
Timed: from EPSNet's outputs for one 550 x 550 input (80 thing classes, 53 stuff
classes, smooth random maps) to the panoptic map at the size of the image.

- *Detection*: scores, decoding and NMS of 1000 candidates.
- *Masks*: assembly, crop and upsampling inside the boxes.
- *Fusion*: overlaps are resolved, and stuff fills the rest.

After NMS, the detections are replaced by random boxes, whose sides are log-uniform from
3 % to 60 % of the image's sides. Memory is the peak of what PyTorch allocates beyond
the outputs, the map included, measured in a separate run.
"""

TRAINING_NOTES = """\
- *Data*: loading, augmentation and normalization, in the training process. With workers
  this takes no time, as long as they keep up.
- *Forward* and *backward*: all layers, and the whole backward pass.
- *Instance, mask, semantic loss*: the loss of a head with its targets.
- *Optimizer*: the step, with gradient clipping if configured.
"""

EVALUATION_NOTES = """\
- *Decoding*: of the PNG, which is part of the other two and the same work for both
  packages.
- *Loading*: from the PNG and its annotation to boxes, masks and the semantic map.
- *Evaluation*: one prediction is matched with its PNG.

The results of both packages are equal; the benchmark checks it.
"""


def latency_report(
    results: Sequence[Latency],
    machine: dict[str, str],
    settings: Settings,
    command: str,
) -> str:
    """Markdown of `measure_latency`'s results, and of what was run, where and how."""
    height, width = settings.image_size
    input_height, input_width = settings.input_size
    facts = dict(
        machine,
        Precision=_precision(
            settings.precision,
            {
                'channels_last': settings.channels_last,
                'conv-BN folded': settings.fuse_conv_bn,
                'torch.compile': settings.compile,
            },
        ),
        Input=f'batch {settings.batch_size}, images {width} x {height} px, '
        f'network input {input_width} x {input_height} px',
        Runs=_runs(settings.iters, settings.warmup),
        Command=f'`{command}`',
    )
    notes = LATENCY_NOTES.format(detections=settings.detections)
    return _report(facts, notes, latency_rows(results, settings.batch_size))


def latency_rows(results: Sequence[Latency], batch_size: int) -> list[dict[str, str]]:
    """Cells of the comparison, by column; ratios to the baselines that were run."""
    rows = []
    for result in results:
        row = {'detector': result.title}
        for stage in STAGES:
            row[f'{stage} (ms)'] = _times(result.stages[stage])
        row['whole (ms)'] = _times(result.whole)
        row['images/s'] = f'{1e3 * batch_size / result.whole.median:.2f}'
        row['memory (MiB)'] = f'{result.memory:.0f}'
        for baseline in results:
            if baseline.title in BASELINES:
                ratio = result.whole.median / baseline.whole.median
                row[f'x {baseline.title}'] = f'{ratio:.2f}'
        rows.append(row)
    return rows


def postprocess_report(
    costs: Sequence[PostprocessCost],
    machine: dict[str, str],
    nms: str,
    iters: int,
    warmup: int,
    command: str,
) -> str:
    """Markdown of `measure_postprocess`'s results."""
    facts = dict(machine, NMS=nms, Runs=_runs(iters, warmup), Command=f'`{command}`')
    rows = []
    for cost in costs:
        height, width = cost.image_size
        row = {'image': f'{width} x {height}', 'instances': str(cost.instances)}
        for part in PARTS:
            row[f'{part} (ms)'] = f'{cost.parts[part].median:.1f}'
        row['whole (ms)'] = _times(cost.whole)
        row['memory (MiB)'] = f'{cost.memory:.1f}'
        rows.append(row)
    return _report(facts, POSTPROCESS_NOTES, rows)


def training_report(
    cost: TrainingCost,
    machine: dict[str, str],
    config: str,
    settings: TrainingSettings,
    command: str,
) -> str:
    """Markdown of `measure_training`'s result."""
    facts = dict(
        machine,
        Config=f'{config}, batch {settings.batch_size}',
        Precision=_precision(
            'mixed' if settings.amp else 'fp32',
            {
                'channels_last weights': settings.channels_last,
                'torch.compile': settings.compile,
            },
        ),
        Runs=_runs(settings.iters, settings.warmup),
        Command=f'`{command}`',
        Memory=f'{cost.memory:.0f} MiB beyond weights and images',
        Speed=f'{cost.images_per_second:.2f} images/s without data',
    )
    rows = [
        {'part': part, 'time (ms)': _times(summary)}
        for part, summary in [*cost.parts.items(), ('whole', cost.whole)]
    ]
    return _report(facts, TRAINING_NOTES, rows)


def schedule_line(config: str, images: int, cost: TrainingCost) -> str:
    """How long a schedule takes at the measured speed, on one device."""
    hours = images / cost.images_per_second / 3600
    return (
        f'Schedule of {config}: {images:,} images, {hours:,.1f} hours on one device '
        'like this, without validation.'
    )


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
    return _report(facts, EVALUATION_NOTES, rows)


def attention_table(costs: Sequence[AttentionCost]) -> str:
    """Markdown table of `measure_attention`'s results."""
    return markdown_table(
        ['input', 'attention', 'memory (MiB)', 'time (ms)'],
        [
            [f'{x.size} x {x.size}', x.variant, f'{x.memory:.0f}', f'{x.time:.0f}']
            for x in costs
        ],
        'llrr',
    )


def nms_table(costs: Sequence[NMSCost]) -> str:
    """Markdown table of `measure_nms`'s results."""
    variants = list(costs[0].times)
    return markdown_table(
        ['boxes', 'candidates', 'kept', *(f'{x} (ms)' for x in variants), 'ratio'],
        [
            [
                cost.boxes,
                str(cost.candidates),
                str(cost.kept),
                *(f'{cost.times[x]:.2f}' for x in variants),
                f'{cost.times["PyTorch"] / cost.times[variants[0]]:.1f}',
            ]
            for cost in costs
        ],
        'l' + 'r' * (3 + len(variants)),
    )


def _report(facts: dict[str, str], notes: str, rows: Sequence[dict[str, str]]) -> str:
    """A list of facts, notes, and a table whose columns are the keys of the rows."""
    header = list(rows[0])
    cells = [[row[column] for column in header] for row in rows]
    table = markdown_table(header, cells, 'l' + 'r' * (len(header) - 1))
    listed = '\n'.join(f'- {label}: {text}' for label, text in facts.items())
    return f'{listed}\n\n{notes}\n{table}'


def _precision(name: str, switches: dict[str, bool]) -> str:
    return ', '.join([name, *(switch for switch, on in switches.items() if on)])


def _runs(iters: int, warmup: int) -> str:
    return f'{iters}, after {warmup} of warm-up; median / 95th percentile'


def _times(summary: Summary) -> str:
    return f'{summary.median:.1f} / {summary.p95:.1f}'
