"""Marks of tests that need what is not always there."""

import importlib.util
import os
from pathlib import Path

from epsnet_mm.environment.mmcv_ops import has_mmcv_ops

import pytest
import torch

#: Folder of real datasets: the environment variable, else beside the checkout.
DATA_DIR = Path(
    os.environ.get('DATA_DIR') or Path(__file__).resolve().parents[2] / 'shared/data'
)

needs_ops = pytest.mark.skipif(
    not has_mmcv_ops(), reason='mmcv has no compiled ops: run `make ops`'
)
needs_no_ops = pytest.mark.skipif(has_mmcv_ops(), reason='mmcv has its compiled ops')
needs_gpu = pytest.mark.skipif(
    not torch.cuda.is_available(), reason='PyTorch finds no GPU'
)
needs_no_gpu = pytest.mark.skipif(torch.cuda.is_available(), reason='there is a GPU')


def _needs_package(name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(
        importlib.util.find_spec(name) is None, reason=f'{name} is not installed'
    )


needs_wandb = _needs_package('wandb')
needs_mlflow = _needs_package('mlflow')


def needs_data(name: str) -> pytest.MarkDecorator:
    """Skip a test where `DATA_DIR` has no folder of this name."""
    return pytest.mark.skipif(
        not (DATA_DIR / name).is_dir(),
        reason=f'{name} is not in {DATA_DIR}: set DATA_DIR to where it is',
    )
