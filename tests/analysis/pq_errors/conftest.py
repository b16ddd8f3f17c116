"""Two files of results on the same random images."""

import json
from collections.abc import Callable
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

import numpy as np
import pytest


@pytest.fixture
def gt_file(tmp_path) -> Path:
    """Ground truth of 30 images, the PNGs of which are in `gt`."""
    rng = np.random.default_rng(5)
    return write_ground_truth(tmp_path, [random_image(rng) for _ in range(30)])


@pytest.fixture
def results(gt_file) -> list[Path]:
    """Results of two runs."""
    # The same images again.
    rng = np.random.default_rng(5)
    images = [random_image(rng) for _ in range(30)]
    files = []
    for name in ('first', 'second'):
        samples = [
            sample(img_id, random_prediction(rng, *image))
            for img_id, image in enumerate(images)
        ]
        prefix = gt_file.parent / name
        files.append(write_results(gt_file, META, samples, prefix)[0])
    return files


@pytest.fixture
def analyze(gt_file) -> Callable[[Path], ErrorAnalysis]:
    """Analyzes a file of results."""
    return lambda file: analyze_errors(
        ResultFiles(str(file), str(gt_file), str(gt_file.with_suffix(''))), quiet=True
    )


@pytest.fixture
def change() -> Callable:
    """Changes the content of a JSON file."""

    def _change(file: Path, edit: Callable[[dict], object]) -> None:
        content = json.loads(file.read_text(encoding='utf-8'))
        edit(content)
        file.write_text(json.dumps(content), encoding='utf-8')

    return _change
