"""How often the host waits for the GPU.

PyTorch warns where it waits. It does not see every wait, so these are lower bounds;
`tests/functional/test_no_sync.py` looks for the operations on a CPU.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from epsnet_mm.environment.nms_backend import pytorch_nms

import pytest
import torch
from mmengine.config import ConfigDict
from release_network import golden_batch, training_data

pytestmark = pytest.mark.cuda
GREEDY = ConfigDict(type='nms', iou_threshold=0.5)
# Per image: sizes of what is matched, and targets that come from the host.
PER_TRAINING_IMAGE = 20


@contextmanager
def waits() -> Iterator[list[str]]:
    """The places where the host waits inside the `with` block."""
    places = []
    torch.cuda.synchronize()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always')
        torch.cuda.set_sync_debug_mode('warn')
        try:
            yield places
        finally:
            torch.cuda.set_sync_debug_mode('default')
    places += [
        f'{x.filename}:{x.lineno}'
        for x in caught
        if 'called a synchronizing' in str(x.message)
    ]


def test_waits_are_seen(device):
    numbers = torch.ones(3, device=device)
    with waits() as places:
        numbers.sum().item()
        numbers.nonzero()
        numbers + 1

    assert len(places) == 2, places


@torch.no_grad()
@pytest.mark.parametrize(
    ('nms', 'most'),
    [
        # The number of detections, and the windows of their masks.
        (None, 2),
        # Also whether the survivors are found.
        (GREEDY, 3),
    ],
    ids=['fast', 'greedy in plain PyTorch'],
)
def test_inference(release_model, monkeypatch, nms, most):
    model, batch = release_model.eval(), golden_batch(release_model)
    if nms:
        monkeypatch.setattr(model.bbox_head.test_cfg, 'nms', nms)
        monkeypatch.setattr(
            'epsnet_mm.environment.nms_backend.greedy_nms_on', lambda _: pytorch_nms
        )

    def predict():
        samples = [x.clone() for x in batch['data_samples']]
        return model.predict(batch['inputs'], samples)

    predict()  # fills the caches of anchors and axes
    with waits() as places:
        (found,) = predict()

    assert len(found.pred_instances) > 0
    assert len(places) <= most, places


def test_training_does_not_wait_for_each_object(release_model):
    model = release_model.train()
    counts = []
    for most_objects in (100, 1):
        batch = training_data()
        for sample in batch['data_samples']:
            sample.gt_instances = sample.gt_instances[:most_objects]
        data = model.data_preprocessor(batch, training=True)
        with waits() as places:
            sum(model(**data, mode='loss').values()).backward()
        counts.append(len(places))
        model.zero_grad()

    assert counts[0] == counts[1] <= PER_TRAINING_IMAGE * 2, places
