"""The pictures in docs/error_analysis.md show what they are said to show."""

import re
from itertools import groupby

from epsnet_mm.evaluation.pq_terms.causes import Cause
from tests.analysis.pq_errors.line_terms import terms_of_line
from tests.evaluation.pq_cases import CAT, DOG

import pytest

ROW = re.compile(r'\| ([^|]+) \| (`[^|]+`)<br>(`[^|]+`) \|')
SEGMENTS = {'A': (CAT,), 'B': (DOG,), '#': (CAT, 'crowd')}


@pytest.fixture(scope='module')
def pictures(repo_root) -> dict[str, tuple]:
    """Name of a cause -> its line of ground truth and prediction."""
    text = (repo_root / 'docs/error_analysis.md').read_text(encoding='utf-8')
    return {name: (as_line(gt), as_line(pred)) for name, gt, pred in ROW.findall(text)}


def as_line(picture: str) -> list[tuple]:
    """Segments of a picture in quotes; each quote starts new ones."""
    segments, start = [], 0
    for part in re.findall('`([^`]+)`', picture):
        for letter, run in groupby(part.upper()):
            stop = start + len(list(run))
            if letter != '.':
                category, *crowd = SEGMENTS[letter]
                segments.append((category, start, stop, *crowd))
            start = stop
    assert start == 10
    return segments


def test_pictures(pictures):
    shown = set()
    for name, line in pictures.items():
        causes = {Cause(cause).title for cause in terms_of_line(line)['cause']}
        assert any(cause.startswith(name) for cause in causes)
        # The rest matches.
        assert len(causes - {'boundary'}) == (name != 'boundary')
        shown |= causes
    # One picture stands for the three kinds of wrong classes.
    assert len(shown) == len(Cause) - 2


def test_every_cause_is_defined(repo_root):
    text = (repo_root / 'docs/error_analysis.md').read_text(encoding='utf-8')
    for cause in Cause:
        assert f'| {cause.title.partition(",")[0]}' in text
