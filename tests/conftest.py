"""What all tests share: the checkout's path, seeds, and the slow tests last."""

import random
import socket
from pathlib import Path

# Makes `mmdet.models` importable without compiled ops, whichever test comes first.
import epsnet_mm  # noqa: F401
from tests.requirements import needs_gpu

import numpy as np
import pytest
import torch
from mmengine.registry import DefaultScope

pytest_plugins = ['tests.browser', 'tests.tiny_panoptic']


def pytest_collection_modifyitems(items):
    """Skip what needs a GPU where there is none, and run the slow tests last.

    A quick failure is then seen quickly.
    """
    for item in items:
        if item.get_closest_marker('cuda'):
            item.add_marker(needs_gpu)
    items.sort(key=lambda item: item.get_closest_marker('slow') is not None)


@pytest.fixture(autouse=True)
def fixed_seed():
    """Make every test repeatable, alone or among the others."""
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)


@pytest.fixture(autouse=True)
def mmdet_scope():
    """Look names up in mmdet's registries, whichever test ran a Runner before."""
    with DefaultScope.overwrite_default_scope('mmdet'):
        yield


@pytest.fixture(scope='session')
def repo_root() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture
def free_port() -> str:
    """A port at which the processes of a test can meet."""
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return str(probe.getsockname()[1])
