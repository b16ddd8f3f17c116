"""Means, spreads and verdicts, on logs made by hand."""

import json
from math import sqrt

from epsnet_mm.analysis.training_comparison import (
    Group,
    comparison_table,
    read_group,
)

import pytest


def write_log(work_dir, *records):
    path = work_dir / '1/vis_data/scalars.json'
    path.parent.mkdir(parents=True)
    path.write_text('\n'.join(map(json.dumps, records)))
    return str(work_dir)


def quality(pq):
    return {'x/PQ': pq, 'x/PQ_th': pq - 10, 'x/PQ_st': pq + 10}


def group(*pqs, name='g'):
    return Group(
        name, dict(PQ=list(pqs), PQ_th=list(pqs), PQ_st=list(pqs)), [1.0] * len(pqs)
    )


def test_last_validation_and_time(tmp_path):
    """10 iterations of 3 s, then 5 of 6 s: a minute."""
    folders = [
        write_log(
            tmp_path / name,
            dict(iter=10, time=3.0),
            quality(20.0),
            dict(iter=15, time=6.0),
            quality(pq),
        )
        for name, pq in (('a', 30.0), ('b', 34.0))
    ]

    found = read_group('full', folders)

    assert found.minutes == [1.0, 1.0]
    assert found.scores == dict(PQ=[30, 34], PQ_th=[20, 24], PQ_st=[40, 44])
    assert found.mean('PQ') == 32
    assert found.spread('PQ') == pytest.approx(sqrt(8))


@pytest.mark.parametrize(
    'records',
    [
        [dict(iter=10, time=3.0)],
        [dict(iter=10, time=3.0), quality(20.0), dict(iter=20, time=3.0)],
    ],
)
def test_training_without_a_last_validation(tmp_path, records):
    folder = write_log(tmp_path / 'a', *records)

    with pytest.raises(ValueError, match=r'a has no PQ of its last iteration'):
        read_group('full', [folder])


@pytest.mark.parametrize(
    ('others', 'verdict'),
    [
        ((30.0, 32.0), '+1.0, inside the noise (p = 0.55)'),
        ((33.0, 35.0), '+4.0, inside the noise (p = 0.11)'),
        ((49.0, 51.0), '+20.0, outside the noise (p = 0.005)'),
        ((9.0, 11.0), '-20.0, outside the noise (p = 0.005)'),
        ((34.0,), '+4.0'),
    ],
)
def test_verdict(others, verdict):
    """Two degrees of freedom: p = 1 - t / sqrt(t^2 + 2), standard error sqrt(2)."""
    table = comparison_table([group(29.0, 31.0), group(*others, name='other')])

    assert table.splitlines()[-1].endswith(f' | {verdict} |')


def test_table():
    lines = comparison_table([group(29.0, 31.0, name='full'), group(34.0)]).splitlines()

    assert lines[0] == (
        '| training | runs | minutes | PQ | PQ_th | PQ_st | PQ against the first |'
    )
    assert lines[2].startswith('| full | 2 | 1.0 | 30.0 ± 1.4 | ')
    assert lines[3] == '| g | 1 | 1.0 | 34.0 | 34.0 | 34.0 | +4.0 |'
    assert all(line.count('|') == lines[0].count('|') for line in lines)
