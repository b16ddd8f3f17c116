"""The network with the golden weights on a GPU; see `make test-cuda`."""

from collections.abc import Iterator

import pytest
import torch
from release_network import build_release_model
from torch import nn

DEVICE = 'cuda'


@pytest.fixture
def device() -> str:
    return DEVICE


@pytest.fixture(autouse=True)
def full_precision() -> Iterator[None]:
    """float32 is float32, not TF32."""
    matmul, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
    before = matmul.allow_tf32, cudnn.allow_tf32
    matmul.allow_tf32 = cudnn.allow_tf32 = False
    yield
    matmul.allow_tf32, cudnn.allow_tf32 = before


@pytest.fixture(scope='module')
def release_model() -> Iterator[nn.Module]:
    """The release's ResNet-101; one for each file, because files change it."""
    yield build_release_model().to(DEVICE).eval()
    torch.cuda.empty_cache()
