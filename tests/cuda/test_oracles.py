"""Oracles give the same on a CPU and on a GPU."""

from dataclasses import replace

from epsnet_mm.analysis.oracles.replacements import ORACLES
from epsnet_mm.functional import InstanceMasks
from tests.analysis.oracles.scenes import drawn, parts_of, truth_of

import pytest

pytestmark = pytest.mark.cuda

TRUTH = truth_of('aaaabbb.cc', dict(a=0, b=1, c=0))
PARTS = parts_of(
    [('xxx.......', 1), ('....xx....', 1), ('...xxxxx..', 1), ('.......x..', 0)], TRUTH
)


@pytest.mark.parametrize('name', ORACLES)
def test_oracle_on_cpu_and_gpu(device, name):
    truth = replace(
        TRUTH,
        **{key: value.to(device) for key, value in vars(TRUTH).items()},
    )
    masks = PARTS.masks
    moved = InstanceMasks(masks.windows, [x.to(device) for x in masks.masks], (1, 10))
    parts = replace(
        PARTS,
        masks=moved,
        **{
            key: getattr(PARTS, key).to(device)
            for key in ('labels', 'objects', 'logits', 'boxes')
        },
    )
    expected = ORACLES[name](PARTS, TRUTH)
    found = ORACLES[name](parts, truth)
    assert drawn(found) == drawn(expected)
    assert found.objects.tolist() == expected.objects.tolist()
