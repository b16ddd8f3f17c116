"""Post-processing alone, on a small map."""

from benchmarks.measurement.postprocess import (
    PARTS,
    measure_postprocess,
    synthetic_outputs,
)

import torch

FAST_NMS = dict(type='fast_nms', iou_threshold=0.5, top_k=200)


def test_parts_of_one_image(request):
    configs = request.config.rootpath / 'configs'

    cost = measure_postprocess(configs, 4, (60, 80), FAST_NMS, iters=2, warmup=1)

    assert (cost.instances, cost.image_size) == (4, (60, 80))
    assert tuple(cost.parts) == PARTS
    assert sum(x.median for x in cost.parts.values()) > 0
    assert cost.whole.median > 0
    assert cost.memory > 0


def test_outputs_have_the_shapes_of_coco():
    outputs = synthetic_outputs('cpu')

    logits, deltas, coeffs = outputs['detection']
    assert [x.shape[1] for x in (logits[0], deltas[0], coeffs[0])] == [243, 12, 96]
    assert [x.shape[-1] for x in logits] == [69, 35, 18, 9, 5]
    assert outputs['prototypes'].shape == (1, 32, 138, 138)
    assert outputs['prototypes'].min() == 0
    assert outputs['semantic'].shape == (1, 54, 138, 138)
    assert torch.isfinite(outputs['semantic']).all()
