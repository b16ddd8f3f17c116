"""Boundary IoU by hand, by slow morphology, and boundary PQ against vernier."""

from pathlib import Path

from epsnet_mm.analysis.pq_errors.boundary_pq import (
    border_width,
    boundary_ious,
    keep_borders,
)
from epsnet_mm.analysis.pq_errors.error_analysis import analyze_errors
from epsnet_mm.analysis.pq_errors.result_files import ImagePair, ResultFiles
from epsnet_mm.datasets.synthetic.shapes import make_shapes
from tests.analysis.pq_errors.random_maps import random_pair
from tests.analysis.pq_errors.result_files import write_results
from tests.evaluation.disturbed import (
    REAL,
    REAL_NAMES,
    SHAPES,
    disturbed_predictions,
    load,
)
from tests.evaluation.pq_baselines import figures, vernier_pq
from tests.requirements import DATA_DIR

import numpy as np
import pytest
from scipy.ndimage import binary_erosion


def as_pair(gt: tuple, pred: tuple) -> ImagePair:
    return ImagePair(*gt, *pred, ('a.png', 'b.png'))


def test_border_width():
    # 2 % of a diagonal of 50 and of 500 pixels.
    assert border_width(30, 40) == border_width(1, 1) == 1
    assert border_width(300, 400) == 10
    assert border_width(30, 40, 0.1) == 5


def test_keep_borders():
    numbers = np.zeros((7, 7), int)
    numbers[:5] = 1
    numbers[4, 6] = 2
    assert keep_borders(numbers, 1).tolist() == [
        [1, 1, 1, 1, 1, 1, 1],
        [1, -1, -1, -1, -1, -1, 1],
        [1, -1, -1, -1, -1, -1, 1],
        [1, -1, -1, -1, -1, 1, 1],
        [1, 1, 1, 1, 1, 1, 2],
        [0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0],
    ]


def test_boundary_iou_by_hand():
    """A square of 6 pixels, found as one of 5; borders of 1 pixel."""
    gt, pred = np.zeros((2, 10, 10), int)
    gt[2:8, 2:8] = 1
    pred[2:7, 2:7] = 1
    # All is a segment, so that nothing is void.
    gt[gt == 0] = pred[pred == 0] = 2
    segments = [dict(id=1), dict(id=2)]
    ious = boundary_ious(as_pair((gt, segments), (pred, segments)), ratio=0.01)
    # Borders of 20 and 16 pixels, that have the 9 at the top and on the left in
    # common; IoU is 25 / 36.
    assert ious[0, 0] == 9 / (20 + 16 - 9)


def test_void_leaves_the_union():
    gt, pred = np.zeros((2, 10, 10), int)
    gt[2:8, 2:8] = 1
    pred[2:8, 2:10] = 1
    ious = boundary_ious(as_pair((gt, [dict(id=1)]), (pred, [dict(id=1)])), 0.01)
    # The prediction's border has the left, top and bottom of the object's, and
    # beyond the object only void.
    assert ious.tolist() == [[16 / 20]]


def slow_boundary_ious(pair: ImagePair, width: int) -> np.ndarray:
    """By the erosion of one mask after the other, a pixel at a time."""
    void = pair.gt_ids == 0

    def borders(ids: np.ndarray, segments: list[dict]) -> list[np.ndarray]:
        masks = [ids == segment['id'] for segment in segments]
        window = np.ones((3, 3))
        return [x & ~binary_erosion(x, window, iterations=width) for x in masks]

    gt = borders(pair.gt_ids, pair.gt_segments)
    pred = [x & ~void for x in borders(pair.pred_ids, pair.pred_segments)]
    return np.array(
        [[(x & y).sum() / max((x | y).sum(), 1) for y in pred] for x in gt]
    ).reshape(len(gt), len(pred))


@pytest.mark.parametrize('width', [1, 2, 3])
def test_like_slow_morphology(width):
    rng = np.random.default_rng(width)
    # 20 is the diagonal of 12 x 16 pixels.
    for _ in range(40):
        pair = as_pair(*random_pair(rng))
        ious = boundary_ious(pair, width / 20)
        assert (ious == slow_boundary_ious(pair, width)).all()


def predict(root: Path, names: tuple, prefix: Path, count: int) -> ResultFiles:
    dataset = load(root, names, count=count)
    gt_file = root / names[0]
    samples = disturbed_predictions(dataset)
    file, _ = write_results(gt_file, dataset.metainfo, samples, prefix)
    return ResultFiles(str(file), str(gt_file), str(root / names[2]))


@pytest.mark.parametrize('name', REAL_NAMES)
def test_real_data_like_slow_morphology(name, tmp_path):
    pair = predict(DATA_DIR / name, REAL[name], tmp_path / 'x', 2)[1]
    slow = slow_boundary_ious(pair, border_width(*pair.gt_ids.shape))
    assert (boundary_ious(pair) == slow).all()
    assert 0.1 < slow.max() < 1


def test_like_vernier(tmp_path):
    """To the last bit, on square images: vernier 0.5.4 confuses height and width."""
    make_shapes(tmp_path / 'shapes', train=1, val=24, size=64)
    root = tmp_path / 'shapes'
    analysis = analyze_errors(
        predict(root, SHAPES, tmp_path / 'x', 24), boundary=True, quiet=True
    )
    averages = analysis.averages(analysis.boundary)
    found = {}
    for suffix, name in (('', 'All'), ('_th', 'Things'), ('_st', 'Stuff')):
        found |= figures(suffix, *(averages[name][key] for key in ('pq', 'sq', 'rq')))
    expected, _ = vernier_pq(
        root / SHAPES[0], tmp_path / 'x.panoptic.json', boundary=True
    )
    assert found == expected
    assert averages['All']['pq'] < analysis.averages()['All']['pq']
