import math

from epsnet_runtime.coco.value_rules import (
    Rule,
    faults,
    fits,
    is_box,
    is_file_name,
    is_flag,
    is_id,
    is_integer,
    is_number,
    is_size,
    is_text,
    is_whole,
    shown,
)

import pytest


@pytest.mark.parametrize(
    ('rule', 'right', 'wrong'),
    [
        (is_integer, [0, -3], [True, 1.0, '1', None]),
        (is_whole, [0, 2.0], [False, 1.5, math.nan, math.inf, '1', []]),
        (is_number, [0, -1.5], [True, math.nan, math.inf, 10**400, '1', None]),
        (is_text, ['a', ' a'], ['', ' ', 5, None, '\ud800']),
        (is_file_name, ['a/b.png'], ['', 'a\0b', 3]),
        (is_flag, [0, 1, True, False], ['0', '1', 2, -1, None, 1.0, []]),
        (is_id, [0, 7.0, 'a'], [True, 1.5, '', None, {}, []]),
        (is_size, [1, 640.0], [0, -1, 1.5, True, '1']),
        (is_box, [[0, 1, 2, 3.5]], [[0, 1, 2], '1234', None, [0, 1, 2, '3'], {}]),
    ],
)
def test_values(rule, right, wrong):
    assert all(map(rule, right))
    assert not any(map(rule, wrong))


def test_faults_name_path_and_remedy():
    rules = dict(a=Rule(is_flag, '0 or 1'), b=Rule(is_text, 'a text', required=False))
    good = dict(a=1, c='not looked at')
    assert fits(good, rules)
    assert not list(faults(good, 'x[0]', rules))
    bad = dict(b=[])
    assert not fits(bad, rules)
    assert list(faults(bad, 'x[0]', rules)) == [
        "x[0] {'b': []} lacks `a`; add it.",
        'x[0].b is [], but must be a text; correct it.',
    ]
    assert list(faults(5, 'x[0]', rules)) == [
        'x[0] is 5, but must be an object; correct it.'
    ]


def test_large_and_deep_values_are_shown_short():
    deep = []
    for _ in range(900):
        deep = [deep]
    for value in ('a' * 10**6, list(range(10**5)), deep, 10**4000):
        assert len(shown(value)) < 200
