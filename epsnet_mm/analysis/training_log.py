"""Reads the numbers that a training has logged."""

import json
from pathlib import Path

# Iterations and values.
Curve = tuple[list[int], list[float]]
# What a validation logs, after a prefix: panoptic quality of all, things, stuff.
METRICS = ('PQ', 'PQ_th', 'PQ_st')


def read_records(work_dir: str) -> list[dict]:
    """Join the logs of all runs of a work directory.

    A resumed training writes a log of its own, which starts at the iteration of
    its checkpoint. What the earlier run logged after that iteration is left out,
    as the training did not continue from it.

    Args:
        work_dir: Work directory of `tools/train.py`.

    Returns:
        MMEngine's scalars in order, each with the training iteration `iter`.
        A validation has the iteration of the last training log before it.

    Raises:
        FileNotFoundError: If there is no such folder, or no training in it.
        ValueError: If a log is damaged.
    """
    joined: list[dict] = []
    for path in sorted(Path(work_dir).glob('*/vis_data/scalars.json')):
        records = _with_iterations(_read_lines(path))
        if records:
            start = records[0]['iter']
            joined = [x for x in joined if x['iter'] < start] + records
    if not joined:
        raise FileNotFoundError(
            f'{work_dir} has no log of a training (*/vis_data/scalars.json): '
            'give the --work-dir of tools/train.py.'
        )
    return joined


def curve(records: list[dict], key: str) -> Curve:
    """One quantity over the iterations; empty if it was never logged."""
    found = [(x['iter'], x[key]) for x in records if key in x]
    return [x for x, _ in found], [y for _, y in found]


def curves_like(records: list[dict], start: str, end: str = '') -> dict[str, Curve]:
    """All quantities whose names start and end like this, in order of appearance."""
    keys = dict.fromkeys(
        key
        for record in records
        for key in record
        if key.startswith(start) and key.endswith(end)
    )
    return {key: curve(records, key) for key in keys}


def _read_lines(path: Path) -> list[dict]:
    lines = path.read_text(encoding='utf-8').splitlines()
    records = []
    for number, line in enumerate(lines, 1):
        try:
            records.append(json.loads(line))
        except ValueError:
            # A killed training may leave its last line unfinished.
            if number < len(lines):
                raise ValueError(
                    f'{path} is damaged in line {number}: remove the line.'
                ) from None
    return records


def _with_iterations(records: list[dict]) -> list[dict]:
    """Give validations an iteration; leave out those before the first training log."""
    found, iteration = [], None
    for record in records:
        iteration = record.get('iter', iteration)
        if iteration is not None:
            found.append(dict(record, iter=iteration))
    return found
