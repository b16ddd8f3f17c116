"""The CamVid recipe on made data: it trains, and seeds repeat it exactly."""

import json
from pathlib import Path

from epsnet_mm.datasets.converters.semantic_to_panoptic import convert_semantic
from epsnet_mm.datasets.validation.dataset_check import check_dataset

import cv2
import numpy as np
import pytest
from mmengine.config import Config

from .conftest import REPO

CONFIG = REPO / 'configs/epsnet/epsnet_r18_fpn_camvid.py'
CLASSES = REPO / 'configs/_base_/datasets/camvid_classes.json'
WIDTH, HEIGHT = 128, 96
LOSSES = ('loss', 'loss_cls', 'loss_bbox', 'loss_mask', 'loss_semantic')


def street(rng, categories):
    """A (H, W, 3) image and its mask: bands of stuff, boxes of things."""
    stuff = [x['id'] for x in categories if not x['isthing']]
    labels = np.repeat(rng.permutation(stuff), -(-HEIGHT // len(stuff)))[:HEIGHT]
    labels = np.repeat(labels[:, None], WIDTH, axis=1).astype(np.uint8)
    for category in categories:
        if category['isthing']:
            x, y = rng.integers(0, WIDTH - 30), rng.integers(0, HEIGHT - 30)
            labels[y : y + 24, x : x + 16] = category['id']
    labels[:, -4:] = 0
    colors = np.zeros((256, 3))
    for category in categories:
        colors[category['id']] = category['color']
    noise = rng.normal(0, 10, (HEIGHT, WIDTH, 3))
    return np.clip(colors[labels] + noise, 0, 255).astype(np.uint8), labels


@pytest.fixture(scope='module')
def camvid(tmp_path_factory) -> Path:
    """Ten training and two validation images in the folders of CamVid."""
    root = tmp_path_factory.mktemp('data') / 'camvid'
    categories = json.loads(CLASSES.read_text())
    rng = np.random.default_rng(0)
    for split, count in (('train', 10), ('val', 2)):
        images, masks = root / 'images' / split, root / 'masks' / split
        for folder in (images, masks):
            folder.mkdir(parents=True)
        for number in range(count):
            image, labels = street(rng, categories)
            cv2.imwrite(str(images / f'{split}_{number}.jpg'), image[..., ::-1])
            cv2.imwrite(str(masks / f'{split}_{number}.png'), labels)
        ann_file = root / f'annotations/panoptic_{split}.json'
        convert_semantic(str(images), str(masks), str(CLASSES), str(ann_file))
        report = check_dataset(
            str(ann_file), str(ann_file.with_suffix('')), str(images)
        )
        assert not report.problems
        assert not report.wrong_measures
    return root


@pytest.fixture(scope='module')
def config(camvid) -> Path:
    """The CamVid config at 128 x 96 pixels: 20 iterations of 2 images."""
    cfg = Config.fromfile(CONFIG)
    for split in ('train', 'val', 'test'):
        loader = cfg[f'{split}_dataloader']
        loader.dataset.data_root = str(camvid)
        for transform in loader.dataset.pipeline:
            for key in ('scale', 'crop_size'):
                if key in transform:
                    transform[key] = (WIDTH, HEIGHT)
    cfg.train_dataloader.batch_size = 2
    for evaluator in (cfg.val_evaluator, cfg.test_evaluator):
        for key in ('ann_file', 'seg_prefix'):
            evaluator[key] = str(camvid / 'annotations' / Path(evaluator[key]).name)
    cfg.train_cfg.update(max_epochs=4, val_interval=4)
    cfg.default_hooks.logger.interval = 1
    path = camvid.parent / 'camvid.py'
    cfg.dump(path)
    return path


@pytest.mark.slow
def test_seed_repeats_the_loss_curve(run, config, tmp_path):
    curves = []
    for name in ('first', 'second'):
        code, text = run('tools/train.py', config, '--work-dir', tmp_path / name)
        assert code == 0, text
        assert 'eta: ' in text
        assert 'coco_panoptic/PQ' in text
        (scalars,) = tmp_path.glob(f'{name}/*/vis_data/scalars.json')
        records = [json.loads(line) for line in scalars.read_text().splitlines()]
        curves.append([[x[key] for key in LOSSES] for x in records if 'loss' in x])
    assert np.shape(curves[0]) == (20, len(LOSSES))
    assert np.isfinite(curves[0]).all()
    assert curves[0] == curves[1]
    assert curves[0][-1][0] < curves[0][0][0]
