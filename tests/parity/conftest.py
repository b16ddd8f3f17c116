"""The network with the deterministic weights of the golden numbers."""

import pytest
from release_network import build_release_model


@pytest.fixture(scope='session')
def release_model():
    """See `build_release_model`."""
    return build_release_model()
