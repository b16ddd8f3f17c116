"""The share of the fuzzing that runs with the tests: fixed seeds, about a minute.

`make fuzz N=100000` searches for more.
"""

import sys

import pytest

from .all_surfaces import SURFACES
from .isolation import Limits, run_isolated
from .table import Table

pytestmark = pytest.mark.skipif(
    sys.platform != 'linux', reason='limits the memory of forked processes'
)
#: Numbers of inputs: more for the formats that people write by hand, fewer where an
#: input takes long.
INPUTS = {
    'panoptic JSON, training': 300,
    'panoptic JSON, test': 300,
    'panoptic JSON, checker': 300,
    'panoptic JSON, metric': 300,
    'checkpoints, resume': 5,
    'config values': 3,
}


@pytest.mark.parametrize('name', SURFACES)
def test_no_input_ends_badly(name):
    table = Table()
    seeds = range(INPUTS.get(name, 100))
    for result in run_isolated(SURFACES[name].prepare, name, seeds, Limits(120)):
        table.add(name, result)
    assert not table.has_faults, table.text()


@pytest.mark.parametrize(
    'name', ['panoptic JSON, training', 'images, training', 'COCO instances converter']
)
def test_inputs_reach_both_good_ends(name):
    """Else they would be refused at the first check, or damaged in nothing."""
    results = run_isolated(SURFACES[name].prepare, name, range(100), Limits(120))
    outcomes = [result.outcome for result in results]
    assert outcomes.count('fine') >= 5
    assert outcomes.count('sentence') >= 20
