"""Results of random images on disk, with pictures for the page."""

from pathlib import Path

from epsnet_mm.analysis.pq_errors.error_analysis import ErrorAnalysis, analyze_errors
from epsnet_mm.analysis.pq_errors.result_files import ResultFiles
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
