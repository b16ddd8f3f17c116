"""A network that knows three flat colors, and an image of them."""

from epsnet_runtime.web.page_model import PageModel

import pytest

from .stub_model import StubModel, flat_image


@pytest.fixture
def stub():
    return StubModel()


@pytest.fixture
def model(stub):
    return PageModel(stub)


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / 'photo.png'
    flat_image().save(path)
    return str(path)
