from epsnet_mm.analysis.pq_errors.tables import (
    cause_table,
    class_table,
    comparison_table,
    quality_table,
    size_table,
)

QUALITY = dict(
    pq=40.0,
    sq=80.0,
    rq=50.0,
    n=2,
    pq_interval=(38, 42.04),
    sq_interval=(79, 81),
    rq_interval=(45, 55),
)
CLASSES = [('cat', 1, 4, 50), ('sky', 0, 2, 30), ('absent', 0, 0, 0)]
SUMMARY = dict(
    confidence=0.95,
    quality=dict(All=QUALITY, Things=QUALITY, Stuff=QUALITY),
    causes={
        name: dict(
            terms=terms,
            lost=dict(All=lost, Things=lost + 1, Stuff=lost - 1),
            repaired=dict(All=40 + lost),
            lost_interval=(lost, lost),
        )
        for name, terms, lost in (('split', 3, 20.0), ('boundary', 5, 40.0))
    },
    sizes=dict(
        small=dict(
            objects=7,
            pq=10.0,
            lost=dict(split=30.0, boundary=60.0, merged=0.0),
            share=dict(split=5.0, boundary=7.5),
        )
    ),
    classes=[
        dict(
            name=name,
            isthing=isthing,
            tp=tp,
            fp=0,
            fn=tp,
            pq=pq,
            pq_interval=(0, 1),
            lost=dict(split=5.0),
        )
        for name, isthing, tp, pq in (
            ('cat', 1, 4, 50),
            ('sky', 0, 2, 30),
            ('no', 0, 0, 0),
        )
    ],
)


def test_quality_table():
    cells = '40.00 | 38.0 to 42.0 | 80.00 | 79.0 to 81.0 | 50.00 | 45.0 to 55.0 | 2 |'
    lines = quality_table(SUMMARY).splitlines()
    assert lines[0] == '|  | PQ | 95 % | SQ | 95 % | RQ | 95 % | classes |'
    assert lines[2:] == [f'| {name} | {cells}' for name in ('All', 'Things', 'Stuff')]
    with_boundary = quality_table(dict(SUMMARY, boundary=dict(All=QUALITY)))
    assert with_boundary.splitlines() == [*lines, f'| boundary, All | {cells}']


def test_cause_table():
    assert cause_table(SUMMARY).splitlines()[2:] == [
        '| boundary | 5 | 40.00 | 41.00 | 39.00 | 40.0 to 40.0 | 80.00 (+40.00) |',
        '| split | 3 | 20.00 | 21.00 | 19.00 | 20.0 to 20.0 | 60.00 (+20.00) |',
        '| 100 - PQ | 8 | 60.00 | 62.00 | 58.00 |  |  |',
    ]


def test_size_table():
    assert size_table(SUMMARY).splitlines()[2:] == [
        '| small | 7 | 10.00 | 12.50 | boundary 60.00; split 30.00 |'
    ]


def test_class_table():
    assert class_table(SUMMARY).splitlines()[2:] == [
        '| sky | stuff | 2 | 0 | 2 | 30.00 | 0.0 to 1.0 | split 5.00 |',
        '| cat | thing | 4 | 0 | 4 | 50.00 | 0.0 to 1.0 | split 5.00 |',
    ]


def test_comparison_table():
    row = dict(first=40, second=40.001, difference=-0.001, interval=(-2, 3), p=0.1234)
    comparison = dict(
        quality=dict(All=dict(pq=row), Stuff=dict(sq=row)),
        boundary=dict(All=dict(rq=row)),
        causes=dict(split=row),
    )
    cells = '40.00 | 40.00 | +0.00 | -2.0 to +3.0 | 0.12 |'
    assert comparison_table(comparison).splitlines()[2:] == [
        f'| PQ, All | {cells}',
        f'| SQ, Stuff | {cells}',
        f'| boundary RQ, All | {cells}',
        f'| lost to: split | {cells}',
    ]
