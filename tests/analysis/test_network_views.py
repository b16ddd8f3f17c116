"""Views into a small network with random weights."""

from pathlib import Path

from epsnet_mm.analysis.network_views import NetworkViews
from epsnet_mm.apis import PanopticInferencer
from epsnet_mm.datasets.synthetic.shapes import CATEGORIES
from epsnet_mm.visualization import feature_pictures
from epsnet_runtime.coco.categories import panoptic_metainfo

import cv2
import numpy as np
import pytest
import torch
from mmdet.registry import MODELS
from mmengine.config import Config
from mmengine.registry import init_default_scope

CONFIG = 'configs/epsnet/epsnet_r18_fpn_shapes.py'
WIDTH, HEIGHT = 90, 60


@pytest.fixture(scope='module')
def views(repo_root, tmp_path_factory):
    """Of an image of 90 x 60 pixels."""
    cfg = Config.fromfile(repo_root / CONFIG)
    return random_views(cfg, CATEGORIES, tmp_path_factory.mktemp('views'))


def random_views(cfg: Config, categories: list[dict], folder: Path) -> NetworkViews:
    torch.manual_seed(0)
    init_default_scope('mmdet')
    # Random weights are sure of nothing: let some detections through.
    cfg.model.test_cfg.bbox_head.score_thr = 0.01
    model = MODELS.build(cfg.model)
    model.init_weights()
    torch.save(
        dict(
            state_dict=model.state_dict(),
            meta=dict(dataset_meta=panoptic_metainfo(categories)),
        ),
        folder / 'random.pth',
    )
    pixels = np.random.default_rng(0).integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)
    cv2.imwrite(str(folder / 'a.png'), pixels)
    inferencer = PanopticInferencer(cfg, str(folder / 'random.pth'), 'cpu')
    return NetworkViews(inferencer, str(folder / 'a.png'))


def test_attention(views):
    # The image is enlarged to 7 times its size; the last pixel is a point too.
    for point in ((0, 0), (WIDTH - 1, HEIGHT - 1)):
        picture = views.attention(point)
        assert picture.dtype == np.uint8
        assert picture.shape[1] == 4 * 7 * WIDTH + 3 * 6


@pytest.mark.parametrize('point', [(WIDTH, 0), (0, HEIGHT), (-1, 0)])
def test_point_outside_of_the_image(views, point):
    with pytest.raises(ValueError, match=r'outside of the image, .* 90 x 60'):
        views.attention(point)


def test_position_in_p3(views, monkeypatch):
    asked = []
    neck = views.model.fusion_neck
    find = neck.attention_maps
    monkeypatch.setattr(
        neck,
        'attention_maps',
        lambda feats, position: asked.append(position) or find(feats, position),
    )
    views.attention((WIDTH - 1, 0))
    views.attention((WIDTH // 2, HEIGHT // 2))
    # P3 of the 160 x 160 input has 20 x 20 positions.
    assert asked == [(0, 19), (10, 10)]


def test_network_without_attention(views, monkeypatch):
    monkeypatch.setitem(views.model._modules, 'fusion_neck', torch.nn.Identity())
    with pytest.raises(ValueError, match=r'Identity .* has no attention'):
        views.attention((0, 0))


def test_prototypes(views):
    count = len(views.instances)
    assert count > 0
    for number in (0, 1, count):
        picture = views.prototypes(number)
        assert picture.shape[1] == 8 * (160 + 10) + 7 * 6
    with pytest.raises(ValueError, match=f'no instance {count + 1}: {count} were'):
        views.prototypes(count + 1)


def test_instances_are_described(views):
    lines = views.describe_instances()
    assert len(lines) == len(views.instances)
    name = views.model.dataset_meta['classes'][views.instances.labels[0]]
    assert lines[0].startswith(f'1: {name} {views.instances.scores[0]:.2f}, box ')


def test_prototypes_of_an_epsnet_plus(repo_root, tmp_path, monkeypatch):
    """Its coefficients weigh positions, too, and its masks need them."""
    cfg = Config.fromfile(repo_root / 'configs/epsnet/epsnet-plus_lite0_fpn_camvid.py')
    cfg.model.backbone.init_cfg = None
    categories = [dict(id=x, name=f'{x}', isthing=int(x < 4)) for x in range(11)]
    views = random_views(cfg, categories, tmp_path)
    drawn = {}
    monkeypatch.setattr(
        feature_pictures,
        'draw_prototypes',
        lambda prototypes, coeffs, panels: drawn.update(
            prototypes=prototypes, coeffs=coeffs, titles=[title for title, _ in panels]
        ),
    )
    views.prototypes(1)
    assert len(drawn['coeffs']) == len(drawn['prototypes']) == 32
    assert drawn['coeffs'] == views.instances.coeffs[0, :32].tolist()
    # The threshold of its config.
    assert drawn['titles'][-1] == 'in its box, > 0.3'
