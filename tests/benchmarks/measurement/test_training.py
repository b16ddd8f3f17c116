"""Parts of a training step."""

from benchmarks.measurement.training import PARTS, measure_training

import pytest


@pytest.mark.slow
def test_parts_of_a_step(request):
    config = request.config.rootpath / 'configs/epsnet/epsnet_r18_fpn_shapes.py'

    measured = measure_training(config, batch_size=2, iters=1, warmup=0)

    assert tuple(measured) == (*PARTS, 'whole', 'memory')
    parts = [measured[part].median for part in PARTS]
    assert min(parts) > 0
    assert measured['memory'] > 0
    assert sum(parts) == pytest.approx(measured['whole'].median)
