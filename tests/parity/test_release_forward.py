"""The released network's outputs are reproduced, from C2 to the panoptic map."""

import numpy as np
import pytest
import torch
from fixtures import CATEGORY_IDS
from mmdet.evaluation import INSTANCE_OFFSET
from release_network import (
    GOLDEN_FORWARD,
    golden_batch,
    largest_error,
    network_outputs,
)

pytestmark = pytest.mark.slow
# Of an array's range. The project promises 1e-3; 2e-5 is what we see.
TOLERANCE = 1e-4
ARRAYS = (
    'c2',
    'c3',
    'c4',
    'c5',
    'p3',
    'p4',
    'p5',
    'p6',
    'p7',
    'proto',
    'loc',
    'conf',
    'mask',
    'priors',
    'segm',
    'semantic_logits',
)


@pytest.fixture(scope='module')
def golden():
    return dict(np.load(GOLDEN_FORWARD))


@pytest.fixture(scope='module')
def batch(release_model):
    return golden_batch(release_model)


@pytest.fixture(scope='module')
def outputs(release_model, batch):
    return network_outputs(release_model.eval(), batch)


@pytest.fixture(scope='module')
def prediction(release_model, batch):
    with torch.no_grad():
        return release_model.eval().predict(
            batch['inputs'], [x.clone() for x in batch['data_samples']]
        )[0]


@pytest.mark.parametrize('name', ARRAYS)
def test_array(outputs, golden, name):
    assert list(outputs[name].shape) == golden[f'{name}.shape'].tolist()
    assert largest_error(outputs[name], golden, name) <= TOLERANCE


def test_detections(prediction, golden):
    """Boxes, labels, scores and coefficients, in any order of equal scores."""
    found = prediction.pred_instances.numpy()
    # Rows: ours; columns: the release's.
    distance = np.abs(found.relative_boxes[:, None] - golden['det.box'][None]).max(
        axis=2
    )
    distance += found.labels[:, None] != golden['det.class'][None]
    order = distance.argmin(axis=0)

    assert len(found) == len(golden['det.score']) == len(set(order))
    assert distance[order, range(len(order))].max() <= TOLERANCE
    for ours, name in ((found.scores, 'det.score'), (found.coeffs, 'det.mask')):
        assert np.abs(ours[order] - golden[name]).max() <= TOLERANCE
    assert (np.diff(found.scores) <= 0).all()


def test_panoptic_map(prediction, golden):
    """The same segments with the same categories, on 99.9 % of the pixels."""
    ours = prediction.pred_panoptic_seg.sem_seg[0].numpy()
    theirs = golden['panoptic.map']
    void = len(CATEGORY_IDS)
    pairs, pixels = np.unique(
        np.stack([theirs.ravel(), ours.ravel()]), axis=1, return_counts=True
    )
    partner, shared = {}, {}
    for (segment, value), count in zip(pairs.T.tolist(), pixels.tolist(), strict=True):
        if count > shared.get(segment, 0):
            partner[segment], shared[segment] = value, count

    # Each of their segments has one of ours, and none of ours is left over.
    assert sorted(partner.values()) == np.unique(ours).tolist()
    for segment, value in partner.items():
        label = value % INSTANCE_OFFSET
        category = CATEGORY_IDS[label] if label < void else None
        expected = golden['panoptic.category_id'][segment - 1] if segment else None
        assert category == expected
    assert sum(shared.values()) >= 0.999 * theirs.size
