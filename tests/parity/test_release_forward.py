"""The released network's outputs are reproduced, from C2 to the panoptic map."""

from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from fixtures import CATEGORY_IDS, image
from mmdet.evaluation import INSTANCE_OFFSET
from mmdet.structures import DetDataSample

pytestmark = pytest.mark.slow
GOLDEN = Path(__file__).parents[1] / 'data/forward_r101.npz'
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
ORIGINAL, INPUT = (480, 640), (550, 550)


@pytest.fixture(scope='module')
def golden():
    return dict(np.load(GOLDEN))


@pytest.fixture(scope='module')
def batch(release_model):
    """The golden image, resized and normalised."""
    pixels = torch.from_numpy(image(*ORIGINAL, seed=1)).permute(2, 0, 1).float()
    pixels = F.interpolate(pixels[None], INPUT, mode='bilinear', align_corners=False)[0]
    sample = DetDataSample(metainfo=dict(ori_shape=ORIGINAL, img_shape=INPUT))
    return release_model.data_preprocessor(
        dict(inputs=[pixels], data_samples=[sample]), training=False
    )


def of_each_anchor(levels, channels):
    """Levels of (N, 3 C, H_l, W_l) to (N, A, C): rows, columns, then anchors."""
    return torch.cat(
        [x.permute(0, 2, 3, 1).reshape(len(x), -1, channels) for x in levels], dim=1
    )


@pytest.fixture(scope='module')
def outputs(release_model, batch):
    """Every golden array by its name, in the release's layout."""
    model = release_model.eval()
    head, coeffs = model.bbox_head, []
    keep = model.semantic_head.to_coeffs.register_forward_hook(
        lambda module, args, output: coeffs.append(output.tanh())
    )
    with torch.no_grad():
        stages = model.backbone(batch['inputs'])
        levels = model.neck(stages)
        prototypes = model.prototype_head(model.fusion_neck(levels))
        scores, deltas, mask_coeffs = head(levels)
        logits = model.semantic_head(levels, prototypes)
    keep.remove()
    found = {f'c{i}': x for i, x in enumerate(stages, start=2)}
    found.update({f'p{i}': x for i, x in enumerate(levels, start=3)})
    anchors = head.prior_generator.image_priors(
        [x.shape[-2:] for x in levels], INPUT, 'cpu'
    )
    x1, y1, x2, y2 = (anchors / INPUT[0]).unbind(1)
    found.update(
        proto=prototypes.permute(0, 2, 3, 1),
        loc=of_each_anchor(deltas, 4),
        # The release's first class, background and "unlabelled", is our last.
        conf=of_each_anchor(scores, 81).softmax(-1).roll(1, dims=-1),
        mask=of_each_anchor(mask_coeffs, 32),
        priors=torch.stack([(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1], 1),
        segm=coeffs[0].unflatten(1, (32, 55)).roll(1, dims=2).flatten(1, 2),
        semantic_logits=F.interpolate(
            logits, ORIGINAL, mode='bilinear', align_corners=False
        )[0].roll(1, dims=0),
    )
    return found


@pytest.fixture(scope='module')
def prediction(release_model, batch):
    with torch.no_grad():
        return release_model.eval().predict(
            batch['inputs'], [x.clone() for x in batch['data_samples']]
        )[0]


@pytest.mark.parametrize('name', ARRAYS)
def test_array(outputs, golden, name):
    found, values = outputs[name].numpy(), golden[f'{name}.value']
    assert list(found.shape) == golden[f'{name}.shape'].tolist()

    error = np.abs(found.reshape(-1)[golden[f'{name}.index']] - values).max()

    assert error <= TOLERANCE * np.ptp(values)


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
