"""An exported network that several modules of tests share: exporting takes long."""

from tests.deployment.small_export import save_weights, small_config

import pytest


@pytest.fixture(scope='session')
def plus_export(request, tmp_path_factory):
    """Folder with `fp32.onnx`, config and weights of an EPSNet+ of many instances."""
    module = pytest.importorskip('epsnet_mm.deployment.network_export')
    folder = tmp_path_factory.mktemp('plus')
    cfg = small_config(request.config.rootpath, plus=True, max_per_img=150)
    # Segments of a pixel: the more instances remain.
    cfg.model.test_cfg.panoptic.mask_overlap = 1.0
    weights = save_weights(cfg, folder / 'weights.pth')
    module.export_network(cfg, weights, folder / 'fp32.onnx')
    return folder, cfg, weights
