"""The golden outputs on a GPU, in single and in half precision."""

import copy

import numpy as np
import pytest
import torch
from mmdet.evaluation import INSTANCE_OFFSET
from release_network import (
    GOLDEN_FORWARD,
    golden_batch,
    largest_error,
    network_outputs,
)

pytestmark = pytest.mark.cuda
# Of an array's range; on a CPU half of it is seen. The prototypes' last normalization
# divides single channels by their deviation, which multiplies rounding.
TOLERANCE = {torch.float32: 1e-4, torch.float16: 0.005, torch.bfloat16: 0.04}
NORMALIZED = {torch.float32: 1e-3, torch.float16: 0.05, torch.bfloat16: 0.25}


@pytest.mark.parametrize('dtype', TOLERANCE, ids=str)
def test_outputs(release_model, device, dtype):
    golden = dict(np.load(GOLDEN_FORWARD))
    names = {x.partition('.')[0] for x in golden if x.endswith('.value')}
    batch = golden_batch(release_model)

    with torch.autocast(device, dtype, enabled=dtype != torch.float32):
        outputs = network_outputs(release_model, batch)

    assert names <= set(outputs)
    errors = {name: largest_error(outputs[name], golden, name) for name in names}
    normalized = {x: errors.pop(x) for x in ('proto', 'semantic_logits')}
    assert max(errors.values()) <= TOLERANCE[dtype], errors
    assert max(normalized.values()) <= NORMALIZED[dtype], normalized


@torch.no_grad()
def test_predictions_of_cpu_and_gpu(release_model):
    found, expected = (
        model.predict(**_inputs(golden_batch(model)))[0].cpu()
        for model in (release_model, copy.deepcopy(release_model).cpu())
    )

    ours, theirs = found.pred_instances, expected.pred_instances
    assert len(ours) == len(theirs) > 0
    torch.testing.assert_close(ours.scores, theirs.scores, atol=1e-4, rtol=0)
    maps = [x.pred_panoptic_seg.sem_seg % INSTANCE_OFFSET for x in (found, expected)]
    assert maps[0].eq(maps[1]).float().mean() >= 0.999


def _inputs(batch: dict) -> dict:
    return dict(batch_inputs=batch['inputs'], batch_data_samples=batch['data_samples'])
