"""Sweeps of thresholds equal tests at each of them."""

from epsnet_mm.analysis.fusion_counter import tabulate_counts
from epsnet_mm.analysis.pq_errors.image_counts import ImageCounts
from epsnet_mm.analysis.threshold_sweep import (
    Setting,
    sweep_dataset,
    sweep_summary,
)
from epsnet_mm.analysis.threshold_views import draw_sweep, sweep_table, sweep_verdict

import numpy as np
import pytest
import torch
from mmdet.registry import METRICS
from mmengine.dataset import pseudo_collate


def test_sweep_equals_a_test_at_each_setting(untrained):
    model, dataset, cfg = untrained
    with torch.no_grad():
        data = model.data_preprocessor(pseudo_collate([dataset[0]]), False)
        found = model.predict_parts(data['inputs'], data['data_samples'])[0][0]
    middle = float(found.scores.median())
    settings = [
        Setting(score, overlap, area)
        for score in (0.0, middle, 1.0)
        for overlap in (0.0, 0.9)
        for area in (1, 500)
    ]
    swept = list(sweep_dataset(model, dataset, cfg.test_evaluator, settings))
    different = set()
    for number, setting in enumerate(settings):
        model.bbox_head.test_cfg.score_thr = setting.score_thr
        model.panoptic_fusion_head.test_cfg.update(
            mask_overlap=setting.mask_overlap, stuff_area_limit=setting.stuff_area_limit
        )
        metric = METRICS.build(cfg.test_evaluator)
        metric.dataset_meta = dataset.metainfo
        for image in range(len(dataset)):
            with torch.no_grad():
                samples = model.test_step(pseudo_collate([dataset[image]]))
            metric.process({}, [sample.to_dict() for sample in samples])
        model.bbox_head.test_cfg.score_thr = 0.0
        expected = tabulate_counts(metric.results, dataset.cat_ids)
        counts = tabulate_counts([row[number] for row in swept], dataset.cat_ids)
        for table, right in zip(counts, expected, strict=True):
            assert (table == right).all()
        different.add(str(counts))
    assert len(different) > 3


def counts(*iou):
    """Images of one category, each with a match or a miss."""
    iou = np.array(iou, float)[:, None]
    return ImageCounts(iou, (iou > 0) * 1, iou * 0, (iou == 0) * 1)


def test_summary_table_and_verdict():
    settings = [Setting(0.1, 0.5, 9), Setting(0.2, 0.5, 9), Setting(0.2, 0.5, 7)]
    tables = [counts(0.6, 0), counts(0.8, 0.6), counts(0.8, 0.5)]
    summary = sweep_summary(settings, tables, np.array([True]), settings[0], [0, 1])
    # One match of 0.6 and half a point for the miss: 0.6 / 1.5.
    assert summary['own']['pq'] == pytest.approx(40)
    assert summary['best']['pq'] == summary['best']['pq_things'] == pytest.approx(70)
    assert summary['best']['pq_stuff'] == 0
    assert summary['gain'] == pytest.approx(30)
    low, high = summary['gain_interval']
    # Draws of one image twice gain 20 or 60.
    assert (low, high) == (pytest.approx(20), pytest.approx(60))
    assert sweep_table(summary).splitlines()[2:] == [
        '| 0.1 | (40.00) |',
        '| 0.2 | **70.00** |',
    ]
    verdict = sweep_verdict(summary)
    assert 'Best: PQ 70.00; the config has 40.00 (+30.00, 95 % +20.00' in verdict
    assert 'score_thr=0.2' in verdict
    assert 'chance' not in verdict
    figure = draw_sweep(summary)
    assert list(figure.axes[0].lines[0].get_ydata()) == pytest.approx([40, 70])


def test_config_lines_are_a_config():
    scope = {}
    exec(Setting(0.25, 0.5, 4096).config_lines(), scope)
    assert scope['model'] == dict(
        test_cfg=dict(
            bbox_head=dict(score_thr=0.25),
            panoptic=dict(mask_overlap=0.5, stuff_area_limit=4096),
        )
    )


def test_own_thresholds_may_be_best():
    settings = [Setting(0.1, 0.5, 9)]
    summary = sweep_summary(
        settings, [counts(1, 1)], np.array([False]), settings[0], [0, 1]
    )
    assert 'are the best ones: PQ 100.00' in sweep_verdict(summary)


def test_no_gain_for_sure():
    settings = [Setting(0.1, 0.5, 9), Setting(0.2, 0.5, 9)]
    tables = [counts(0.8, 0.6), counts(0.6, 0.9)]
    summary = sweep_summary(settings, tables, np.array([False]), settings[0], [0, 1])
    assert 'may be chance' in sweep_verdict(summary)


def test_groups_are_drawn_as_a_whole():
    settings = [Setting(0.1, 0.5, 9), Setting(0.2, 0.5, 9)]
    tables = [counts(0.6, 0.6), counts(0.6, 1)]
    parts = (settings, tables, np.array([True]), settings[0])
    assert sweep_summary(*parts, [0, 1])['gain_interval'] == pytest.approx((0, 40))
    # One group of both images: no draw differs.
    assert sweep_summary(*parts, [3, 3])['gain_interval'] == pytest.approx((20, 20))
