"""The metric agrees with panopticapi and with vernier to the last bit.

The predictions are written by the metric itself, as for COCO's server.
"""

from pathlib import Path

from epsnet_mm.datasets.synthetic.shapes import make_shapes
from epsnet_mm.evaluation import EPSNetPanopticMetric
from tests.evaluation.disturbed import (
    REAL,
    REAL_NAMES,
    SHAPES,
    disturbed_predictions,
    load,
)
from tests.evaluation.pq_baselines import (
    Quality,
    counts_of,
    original_pq,
    vernier_pq,
)
from tests.evaluation.pq_cases import (
    CASES,
    CAT,
    DOG,
    EMPTY,
    META,
    SKY,
    random_image,
    random_prediction,
    sample,
    write_ground_truth,
    write_lines,
)
from tests.requirements import DATA_DIR

import numpy as np
import pytest
import torch
from panopticapi.evaluation import PQStat

BASELINES = pytest.mark.parametrize('baseline', [original_pq, vernier_pq])


def measured_by_us(gt_file: Path, meta: dict, samples: list[dict]) -> Quality:
    metric = EPSNetPanopticMetric(str(gt_file), str(gt_file.with_suffix('')))
    metric.dataset_meta = meta
    metric.process({}, samples)
    total = PQStat()
    for image_stat in metric.results:
        total += image_stat
    return metric.evaluate(len(samples)), counts_of(total)


def write_predictions(
    gt_file: Path, meta: dict, samples: list[dict], prefix: Path
) -> Path:
    metric = EPSNetPanopticMetric(
        str(gt_file), format_only=True, outfile_prefix=str(prefix)
    )
    metric.dataset_meta = meta
    metric.process({}, samples)
    metric.evaluate(len(samples))
    return prefix.with_suffix('.panoptic.json')


@BASELINES
@pytest.mark.parametrize('name', CASES)
def test_adversarial_image(baseline, name, tmp_path):
    line, by_hand = CASES[name]
    gt_file, samples = write_lines(tmp_path, [line])
    ours = measured_by_us(gt_file, META, samples)
    assert {category: counts[:3] for category, counts in ours[1].items()} == by_hand
    pred_file = write_predictions(gt_file, META, samples, tmp_path / 'pred')
    assert ours == baseline(gt_file, pred_file)


@pytest.mark.parametrize(
    ('crowds', 'false_positives'),
    [([(0, 40), (40, 60)], 1), ([(40, 60), (0, 40)], 0)],
)
def test_of_two_crowds_only_the_last_listed_excuses(crowds, false_positives, tmp_path):
    """As in the original. vernier takes the one with the highest id."""
    rest = [(DOG, 60, 80), (SKY, 80, 100)]
    gt = [(CAT, start, stop, 'crowd') for start, stop in crowds]
    gt_file, samples = write_lines(tmp_path, [(gt + rest, [(CAT, 0, 60), *rest])])
    ours = measured_by_us(gt_file, META, samples)
    assert ours[1].get(CAT, (0, 0, 0))[:3] == (0, false_positives, 0)
    pred_file = write_predictions(gt_file, META, samples, tmp_path / 'pred')
    assert ours == original_pq(gt_file, pred_file)


@BASELINES
def test_all_adversarial_images_and_empty_ones(baseline, tmp_path):
    lines = [line for line, _ in CASES.values()] + EMPTY
    gt_file, samples = write_lines(tmp_path, lines)
    ours = measured_by_us(gt_file, META, samples)
    pred_file = write_predictions(gt_file, META, samples, tmp_path / 'pred')
    assert ours == baseline(gt_file, pred_file)
    # Sums and means that are not round.
    assert 0 < ours[0]['coco_panoptic/PQ'] < ours[0]['coco_panoptic/SQ'] < 100


@pytest.mark.parametrize(
    'lines',
    [
        EMPTY,
        [([(SKY, 0, 100)], [(SKY, 0, 70)])],
        [([(CAT, 0, 100)], [(CAT, 0, 70)])],
    ],
    ids=['no segment counts', 'no things', 'no stuff'],
)
def test_averages_over_no_category(lines, tmp_path):
    """The original divides by zero; vernier's correction agrees with ours."""
    gt_file, samples = write_lines(tmp_path, lines)
    ours = measured_by_us(gt_file, META, samples)
    pred_file = write_predictions(gt_file, META, samples, tmp_path / 'pred')
    with pytest.raises(ZeroDivisionError):
        original_pq(gt_file, pred_file)
    assert ours == vernier_pq(gt_file, pred_file, parity_mode='corrected')


@BASELINES
@pytest.mark.parametrize('seed', range(4))
def test_random_images(baseline, seed, tmp_path):
    rng = np.random.default_rng(seed)
    images = [random_image(rng) for _ in range(100)]
    gt_file = write_ground_truth(tmp_path, images)
    samples = [
        sample(img_id, random_prediction(rng, *image))
        for img_id, image in enumerate(images)
    ]
    ours = measured_by_us(gt_file, META, samples)
    pred_file = write_predictions(gt_file, META, samples, tmp_path / 'pred')
    assert ours == baseline(gt_file, pred_file)
    assert all(min(counts[:3]) > 0 for counts in ours[1].values())


def assert_like_baseline(baseline, root: Path, names: tuple, tmp_path: Path) -> None:
    """Compare on disturbed predictions for a dataset."""
    dataset = load(root, names, count=None)
    samples = disturbed_predictions(dataset)
    gt_file = root / names[0]
    ours = measured_by_us(gt_file, dataset.metainfo, samples)
    pred_file = write_predictions(gt_file, dataset.metainfo, samples, tmp_path / 'pred')
    assert ours == baseline(gt_file, pred_file)
    assert 20 < ours[0]['coco_panoptic/PQ'] < 95


@BASELINES
def test_shapes(baseline, tmp_path):
    make_shapes(tmp_path / 'shapes', train=1, val=24, size=64)
    assert_like_baseline(baseline, tmp_path / 'shapes', SHAPES, tmp_path)


@BASELINES
@pytest.mark.parametrize('name', REAL_NAMES)
def test_real_data(baseline, name, tmp_path):
    assert_like_baseline(baseline, DATA_DIR / name, REAL[name], tmp_path)


def test_torchmetrics(tmp_path):
    """Without crowds, void and empty classes, its definition is the same too."""
    torchmetrics = pytest.importorskip('torchmetrics.detection')
    gt = [(CAT, 0, 20), (CAT, 20, 33), (DOG, 33, 51), (SKY, 51, 100)]
    pred = [(CAT, 0, 17), (CAT, 17, 27), (DOG, 27, 49), (CAT, 49, 60), (SKY, 60, 100)]

    def as_map(segments: list[tuple]) -> torch.Tensor:
        result = torch.zeros(1, 1, 100, 2, dtype=torch.long)
        for instance, (category, start, stop) in enumerate(segments):
            result[:, :, start:stop] = torch.tensor([category, instance])
        return result

    theirs = torchmetrics.PanopticQuality(
        things={CAT, DOG}, stuffs={SKY}, return_sq_and_rq=True
    )
    theirs.update(as_map(pred), as_map(gt))
    gt_file, samples = write_lines(tmp_path, [(gt, pred)])
    ours, _ = measured_by_us(gt_file, META, samples)
    expected = [ours[f'coco_panoptic/{name}'] / 100 for name in ('PQ', 'SQ', 'RQ')]
    assert theirs.compute().tolist() == pytest.approx(expected)
    assert 0 < expected[0] < 1
