"""Markdown tables of a summary and of a comparison."""

from collections.abc import Sequence

from ..markdown_table import markdown_table

NAMES = ('All', 'Things', 'Stuff')
_QUALITIES = ('pq', 'sq', 'rq')


def quality_table(summary: dict) -> str:
    """PQ, SQ and RQ with their intervals, and boundary PQ if it was measured.

    Args:
        summary: As `summarize` gives.
    """
    share = f'{100 * summary["confidence"]:.0f} %'
    rows = []
    for kind, prefix in (('quality', ''), ('boundary', 'boundary, ')):
        for name, row in summary.get(kind, {}).items():
            cells = [
                text
                for key in _QUALITIES
                for text in (_number(row[key]), _interval(row[f'{key}_interval']))
            ]
            rows.append([prefix + name, *cells, str(row['n'])])
    header = [text for key in _QUALITIES for text in (key.upper(), share)]
    return markdown_table(['', *header, 'classes'], rows, 'l' + 'r' * 7)


def cause_table(summary: dict) -> str:
    """What each cause takes from PQ, the largest first, and PQ without the cause."""
    causes = summary['causes']
    rows = [
        [
            title,
            str(causes[title]['terms']),
            *(_number(causes[title]['lost'][name]) for name in NAMES),
            _interval(causes[title]['lost_interval']),
            _repaired(causes[title]['repaired']['All'], summary['quality']['All']),
        ]
        for title in _largest_first({x: causes[x]['lost']['All'] for x in causes})
    ]
    totals = [
        _number(sum(cause['lost'][name] for cause in causes.values())) for name in NAMES
    ]
    terms = sum(cause['terms'] for cause in causes.values())
    rows.append(['100 - PQ', str(terms), *totals, '', ''])
    share = f'{100 * summary["confidence"]:.0f} %'
    return markdown_table(
        ['lost to', 'segments', *NAMES, share, 'PQ without it'], rows, 'lrrrrrr'
    )


def _repaired(repaired: float, quality: dict) -> str:
    return f'{_number(repaired)} ({_change(repaired - quality["pq"])})'


def size_table(summary: dict) -> str:
    """PQ of each size, its share of the loss, and its largest causes."""
    rows = [
        [
            name,
            str(size['objects']),
            _number(size['pq']),
            _number(sum(size['share'].values())),
            _largest_causes(size['lost']),
        ]
        for name, size in summary['sizes'].items()
    ]
    header = ['size', 'objects', 'PQ', 'of 100 - PQ', 'largest causes, of its PQ']
    return markdown_table(header, rows, 'lrrrl')


def class_table(summary: dict) -> str:
    """PQ of each class that has segments, with its largest causes; the worst first."""
    classes = [x for x in summary['classes'] if x['tp'] + x['fp'] + x['fn']]
    rows = [
        [
            row['name'],
            'thing' if row['isthing'] else 'stuff',
            *(str(row[key]) for key in ('tp', 'fp', 'fn')),
            _number(row['pq']),
            _interval(row['pq_interval']),
            _largest_causes(row['lost']),
        ]
        for row in sorted(classes, key=lambda x: x['pq'])
    ]
    share = f'{100 * summary["confidence"]:.0f} %'
    header = ['class', 'kind', 'TP', 'FP', 'FN', 'PQ', share, 'largest causes']
    return markdown_table(header, rows, 'llrrrrrl')


def comparison_table(comparison: dict) -> str:
    """Differences of two runs in PQ, SQ and RQ, and in what each cause takes."""
    named = [
        (f'{prefix}{key.upper()}, {name}', row)
        for kind, prefix in (('quality', ''), ('boundary', 'boundary '))
        for name, qualities in comparison.get(kind, {}).items()
        for key, row in qualities.items()
    ]
    named += [(f'lost to: {title}', row) for title, row in comparison['causes'].items()]
    rows = [
        [
            name,
            _number(row['first']),
            _number(row['second']),
            _change(row['difference']),
            _interval(row['interval'], '+'),
            f'{row["p"]:.2g}',
        ]
        for name, row in named
    ]
    header = ['', 'this', 'against', 'difference', '95 %', 'p']
    return markdown_table(header, rows, 'lrrrrr')


def _number(value: float) -> str:
    return f'{value:.2f}'


def _change(value: float) -> str:
    return f'{round(value, 2) + 0.0:+.2f}'


def _interval(ends: Sequence[float] | None, sign: str = '') -> str:
    if ends is None:
        # A rare class may be in no draw, where there are few of them.
        return '-'
    return ' to '.join(f'{end:{sign}.1f}' for end in ends)


def _largest_first(losses: dict[str, float]) -> list[str]:
    return sorted(losses, key=losses.get, reverse=True)


def _largest_causes(losses: dict[str, float], count: int = 3) -> str:
    largest = [x for x in _largest_first(losses)[:count] if losses[x] > 0]
    return '; '.join(f'{title} {_number(losses[title])}' for title in largest)
