"""Oracles on an untrained network."""

from epsnet_mm.analysis.fusion_counter import quality_percent, tabulate_counts
from epsnet_mm.analysis.oracles.oracle_runs import (
    oracle_summary,
    oracle_table,
    predict_image_parts,
    run_oracles,
)
from epsnet_mm.analysis.oracles.replacements import ORACLES, all_true, as_predicted
from epsnet_mm.analysis.oracles.truth import read_truth
from epsnet_mm.analysis.pq_errors.image_counts import ImageCounts

import numpy as np
import pytest
import torch
from mmdet.registry import METRICS
from mmengine.dataset import pseudo_collate


def test_first_is_a_test_and_last_is_perfect(untrained):
    model, dataset, cfg = untrained
    # Fusion drops nothing then.
    model.panoptic_fusion_head.test_cfg.update(mask_overlap=0.0, stuff_area_limit=0)
    counts = dict(
        zip(
            ORACLES,
            (
                tabulate_counts(x, dataset.cat_ids)
                for x in zip(
                    *run_oracles(model, dataset, cfg.test_evaluator), strict=True
                )
            ),
            strict=True,
        )
    )
    metric = METRICS.build(cfg.test_evaluator)
    metric.dataset_meta = dataset.metainfo
    for image in range(len(dataset)):
        with torch.no_grad():
            samples = model.test_step(pseudo_collate([dataset[image]]))
        metric.process({}, [sample.to_dict() for sample in samples])
    expected = tabulate_counts(metric.results, dataset.cat_ids)
    for table, right in zip(counts['as predicted'], expected, strict=True):
        assert (table == right).all()
    things = np.isin(dataset.metainfo['classes'], dataset.metainfo['thing_classes'])
    everything = np.ones_like(things)
    assert quality_percent(counts['as predicted'], everything) < 50
    assert quality_percent(counts['true instances'], things) == 100
    assert quality_percent(counts['true instances'], ~things) < 100
    last = counts['true instances and semantic map']
    assert quality_percent(last, everything) == 100


@pytest.mark.parametrize('padded', [False, True])
def test_masks_in_the_same_and_in_other_boxes(untrained, padded):
    model, dataset, _ = untrained
    if padded:
        model.data_preprocessor.pad_size_divisor = 80
    data = model.data_preprocessor(pseudo_collate([dataset[0]]), False)
    (sample,) = data['data_samples']
    assert (sample.batch_input_shape != sample.img_shape) == padded
    truth = read_truth(dataset.get_data_info(0), 3, 2)
    with torch.no_grad():
        parts = predict_image_parts(model, data['inputs'], sample, truth)
        (_, (masks,), _) = model.predict_parts(data['inputs'], [sample])
        again = parts.crop(parts.boxes)
        # Of one pixel more: rounded anew, and still the same where nothing is cut.
        moved = parts.crop(parts.boxes + torch.tensor([-1.0, -1, 1, 1]))
    assert len(parts.labels) > 0
    for number in range(len(masks)):
        assert parts.masks.masks[number].equal(masks.masks[number])
        assert again.masks[number].equal(masks.masks[number])
    near = (moved.to_dense() & masks.to_dense()).sum(dim=(1, 2))
    assert (near >= 0.5 * masks.to_dense().sum(dim=(1, 2))).all()


def test_chosen_oracles(untrained):

    model, dataset, cfg = untrained
    chosen = dict(own=as_predicted, best=all_true)
    stats = next(run_oracles(model, dataset, cfg.test_evaluator, chosen))
    assert len(stats) == 2


def test_summary_and_table():
    def counts(*iou):
        iou = np.array(iou, float)[:, None]
        return ImageCounts(iou, (iou > 0) * 1, iou * 0, (iou == 0) * 1)

    rows = oracle_summary(
        ['own', 'better'], [counts(0.6, 0.6), counts(0.6, 1)], np.array([True]), [0, 1]
    )
    assert rows[1]['gain'] == pytest.approx(20)
    assert rows[1]['gain_interval'] == pytest.approx((0, 40))
    assert oracle_table(rows).splitlines()[2:] == [
        '| own | 60.0 | 60.0 | 0.0 |  |  |',
        '| better | 80.0 | 80.0 | 0.0 | +20.0 | +0.0 to +40.0 |',
    ]
