"""Results of random images on disk, with pictures for the page."""

from pathlib import Path

from epsnet_mm.analysis.pq_errors.error_analysis import ErrorAnalysis, analyze_errors
from epsnet_mm.analysis.pq_errors.result_files import ResultFiles
from epsnet_mm.analysis.threshold_sweep import Setting
from tests.analysis.pq_errors.result_files import write_results
from tests.evaluation.pq_cases import (
    META,
    random_image,
    random_prediction,
    sample,
    write_ground_truth,
)

import cv2
import numpy as np
import pytest

NUM_IMAGES = 12


@pytest.fixture
def files(tmp_path) -> ResultFiles:
    """Results with scores for some predictions; images are in `images`."""
    rng = np.random.default_rng(5)
    images = [random_image(rng) for _ in range(NUM_IMAGES)]
    gt_file = write_ground_truth(tmp_path, images)
    samples = [
        sample(number, random_prediction(rng, *image))
        for number, image in enumerate(images)
    ]
    results, _ = write_results(gt_file, META, samples, tmp_path / 'run')
    found = ResultFiles(str(results), str(gt_file), str(gt_file.with_suffix('')))
    for number, image in enumerate(found.images):
        height, width = found[number].gt_ids.shape
        pixels = rng.integers(0, 255, (height, width, 3)).astype(np.uint8)
        path = Path(tmp_path, 'images', image['file_name'])
        path.parent.mkdir(exist_ok=True, parents=True)
        cv2.imwrite(str(path), pixels)
    return found


@pytest.fixture
def analysis(files) -> ErrorAnalysis:
    return analyze_errors(files, quiet=True)


def setting(score: float, overlap: float, area: int, pq: float) -> dict:
    return dict(Setting(score, overlap, area)._asdict(), pq=pq, pq_things=0, pq_stuff=0)


@pytest.fixture
def sweep() -> dict:
    """Numbers of `threshold_sweep.py`."""
    rows = [
        setting(0.1, 0.5, 9, 40.0),
        setting(0.2, 0.5, 9, 44.0),
        setting(0.2, 0.8, 9, 50.0),
        setting(0.2, 0.8, 7, 10.0),
    ]
    return dict(
        settings=rows, best=rows[2], own=rows[0], gain=10.0, gain_interval=[-1.0, 20.0]
    )


@pytest.fixture
def dropped() -> dict:
    """Numbers of `dropped_segments.py`."""

    def row(name, misses, lost, **more):
        kinds = dict(repaired=None, right=None, second=None, false=None)
        return dict(kinds, name=name, misses=misses, lost=lost, **more)

    return dict(
        pq=40.0,
        others=10.0,
        rules=[
            row('bbox_head.score_thr', 3, 20.0, classes=dict(a=1, b=2)),
            row('no output fits', 4, 30.0, classes=dict(a=4)),
            row('panoptic.mask_overlap', 0, 0.0, classes={}),
        ],
    )
