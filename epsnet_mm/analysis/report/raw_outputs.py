"""What a report shows of the network's outputs before post-processing.

Results do not have them: two other tools measure them and write files.
"""

from pathlib import Path

from ...structures.json_file import parse_json
from ..threshold_sweep import Setting
from ..threshold_views import best_area_rows

#: Results and a file with another PQ than this are told to be of different runs.
_SAME_PQ = 0.05
_KEYS = {
    'threshold_sweep': {'settings', 'best', 'own', 'gain', 'gain_interval'},
    'dropped_segments': {'pq', 'others', 'rules'},
}


def read_numbers(path: str, tool: str) -> dict:
    """Read what a tool has written with `--json`.

    Args:
        path: The file.
        tool: `threshold_sweep` or `dropped_segments`.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: It is of something else.
    """
    if not Path(path).is_file():
        raise FileNotFoundError(
            f'{path} does not exist: write it with tools/analysis_tools/{tool}.py '
            '--json.'
        )
    content = parse_json(Path(path).read_bytes(), path)
    if not isinstance(content, dict) or not _KEYS[tool] <= set(content):
        raise ValueError(
            f'{path} is not of {tool}: write it with tools/analysis_tools/{tool}.py '
            '--json.'
        )
    return content


def threshold_grid(sweep: dict, pq: float) -> dict:
    """A sweep as a grid of colored cells.

    Args:
        sweep: As `sweep_summary` gives.
        pq: Of the results of the page, in percent.

    Returns:
        - `overlaps`: of the columns; `rows`: each a `score` and its `cells`, which
          have `pq`, `share` (0 for the worst PQ, 1 for the best), `best` and `own`;
          a cell is None where nothing was tried.
        - `best`, `own`, `gain` and `gain_interval` of the sweep; `lines` of a config.
        - `differs`: whether the results of the page have another PQ than `own`.
    """
    best, own = sweep['best'], sweep['own']
    rows = best_area_rows(sweep)
    low, high = (choose(row['pq'] for row in rows) for choose in (min, max))
    cells = {
        (row['score_thr'], row['mask_overlap']): dict(
            pq=row['pq'],
            share=(row['pq'] - low) / ((high - low) or 1),
            best=row == best,
            own=row == own,
        )
        for row in rows
    }
    overlaps = sorted({row['mask_overlap'] for row in rows})
    return dict(
        overlaps=overlaps,
        rows=[
            dict(score=score, cells=[cells.get((score, x)) for x in overlaps])
            for score in sorted({row['score_thr'] for row in rows})
        ],
        best=best,
        own=own,
        gain=sweep['gain'],
        gain_interval=sweep['gain_interval'],
        lines=Setting(*(best[key] for key in Setting._fields)).config_lines(),
        differs=abs(own['pq'] - pq) > _SAME_PQ,
    )


def dropped_rows(dropped: dict, pq: float) -> dict:
    """What rules drop, the largest loss first.

    Args:
        dropped: As `drop_summary` gives.
        pq: Of the results of the page, in percent.

    Returns:
        `rows`, those of rules with misses, each with its largest `classes` as text;
        `others`, what other terms take; `differs`, as in `threshold_grid`.
    """
    rows = [
        dict(
            row,
            classes=', '.join(
                f'{name} {count}'
                for name, count in sorted(row['classes'].items(), key=lambda x: -x[1])[
                    :3
                ]
            ),
        )
        for row in sorted(dropped['rules'], key=lambda row: -row['lost'])
        if row['misses']
    ]
    return dict(
        rows=rows,
        others=dropped['others'],
        differs=abs(dropped['pq'] - pq) > _SAME_PQ,
    )
