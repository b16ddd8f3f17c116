"""Calibration by hand, and scores of the results."""

import json
from pathlib import Path

from epsnet_mm.analysis.pq_errors.calibration import (
    ScoredPredictions,
    calibrate,
    calibration_summary,
)
from epsnet_mm.analysis.pq_errors.error_analysis import analyze_errors
from epsnet_mm.analysis.pq_errors.result_files import ResultFiles
from epsnet_mm.evaluation.pq_terms.terms import FN, TP

import numpy as np
import pytest


def scored(*pairs: tuple[float, bool]) -> ScoredPredictions:
    scores, right = map(np.array, zip(*pairs, strict=True))
    return ScoredPredictions(scores, right, np.zeros(len(scores), int))


def test_by_hand():
    found = calibrate(scored((0.5, True), (0.6, False), (0.9, True), (1.0, True)), 2)
    low, high = found['bins']
    # 0.5 is in the upper half, and so is 1.
    assert low == dict(low=0, high=0.5, predictions=0, score=None, precision=None)
    assert high['predictions'] == found['predictions'] == 4
    assert high['score'] == found['score'] == pytest.approx(0.75)
    assert high['precision'] == found['precision'] == pytest.approx(0.75)
    assert found['error'] == pytest.approx(0)
    # In ten groups: |0.5 - 1| + |0.6 - 0| + |1.9 - 2|, over 4.
    many = calibrate(scored((0.5, True), (0.6, False), (0.9, True), (1.0, True)))
    assert many['error'] == pytest.approx(1.2 / 4)


def test_nothing_scored():
    assert calibrate(ScoredPredictions(*(np.zeros(0),) * 3)) is None


@pytest.mark.parametrize('score', [-0.1, 1.5])
def test_scores_beyond_their_range(score):
    with pytest.raises(ValueError, match=r'from 0 to 1, or leave it out'):
        calibrate(scored((score, True)))


def open_results(file: Path, gt_file: Path) -> ResultFiles:
    return ResultFiles(str(file), str(gt_file), str(gt_file.with_suffix('')))


def test_scores_of_results(results, gt_file, change):
    """Every second segment has a score; misses and excused ones have no part."""

    def add_scores(content):
        for annotation in content['annotations']:
            for segment in annotation['segments_info'][::2]:
                segment['score'] = segment['id'] / 100

    change(results[0], add_scores)
    files = open_results(results[0], gt_file)
    analysis = analyze_errors(files, quiet=True)
    found = calibration_summary(analysis, files)

    expected = []
    annotations = json.loads(results[0].read_text())['annotations']
    for term in analysis.terms[analysis.terms['kind'] != FN]:
        for segment in annotations[term['image']]['segments_info'][::2]:
            if segment['id'] == term['pred_id']:
                expected.append((segment['score'], term['kind'] == TP))
    assert 0 < len(expected) < (analysis.terms['kind'] != FN).sum()
    again = calibrate(scored(*expected))
    assert {key: found[key] for key in again} == again
    total = sum(row['predictions'] for row in found['classes'].values())
    assert total == found['predictions'] == len(expected)


def test_results_without_scores(results, gt_file):
    files = open_results(results[0], gt_file)
    assert calibration_summary(analyze_errors(files, quiet=True), files) is None


def test_score_that_is_no_number(results, gt_file, change):
    def spoil(content):
        content['annotations'][0]['segments_info'][0]['score'] = 'high'

    change(results[0], spoil)
    with pytest.raises(ValueError, match='`score` that is no number'):
        open_results(results[0], gt_file).scores()
