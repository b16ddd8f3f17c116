"""The pipelines of `configs/_base_/datasets`, run on shapes."""

import json
from pathlib import Path

import epsnet_mm  # noqa: F401
from epsnet_mm.datasets.synthetic.shapes import make_shapes
from tests.requirements import DATA_DIR, needs_data

import numpy as np
import pytest
from mmdet.registry import DATASETS
from mmengine.config import Config
from mmengine.registry import DefaultScope

CONFIGS = Path(__file__).parents[2] / 'configs/_base_/datasets'
NAMES = ['coco_panoptic', 'shapes', 'camvid_panoptic', 'facades_panoptic']


@pytest.fixture(scope='module')
def shapes(tmp_path_factory) -> str:
    root = str(tmp_path_factory.mktemp('data') / 'shapes')
    make_shapes(root, train=1, val=24, size=64)
    return root


def build(name: str, split: str, root: str):
    config = Config.fromfile(CONFIGS / f'{name}.py')
    dataset = config[f'{split}_dataloader'].dataset
    dataset.update(
        data_root=root,
        ann_file='annotations/panoptic_val.json',
        data_prefix=dict(img='val', seg='annotations/panoptic_val'),
    )
    with DefaultScope.overwrite_default_scope('mmdet'):
        return config, DATASETS.build(dataset)


@pytest.mark.parametrize('name', NAMES)
def test_training_samples_are_consistent(name, shapes):
    np.random.seed(0)
    config, dataset = build(name, 'train', shapes)
    size = config.get('crop_size', config.image_size)[::-1]
    ignored = 0
    for item in dataset:
        sample = item['data_samples']
        assert item['inputs'].shape == (3, *size)
        labels = sample.gt_sem_seg.sem_seg[0].numpy()
        assert labels.shape == size
        ignored += len(sample.ignored_instances.bboxes)
        for instances in (sample.gt_instances, sample.ignored_instances):
            boxes = instances.bboxes.tensor.numpy()
            assert len(boxes) == len(instances.labels) == len(instances.masks)
            for box, label, mask in zip(
                boxes, instances.labels, instances.masks, strict=True
            ):
                # The mask shows this class, and lies in its box up to the
                # pixel that nearest-neighbor resizing may shift it by.
                assert mask.any()
                assert (labels[mask > 0] == int(label)).all()
                ys, xs = np.nonzero(mask)
                assert box[0] - 1 <= xs.min()
                assert xs.max() <= box[2]
                assert box[1] - 1 <= ys.min()
                assert ys.max() <= box[3]
    assert ignored > 0


@pytest.mark.parametrize('name', NAMES)
def test_test_samples_keep_their_original_size_in_mind(name, shapes):
    config, dataset = build(name, 'val', shapes)
    item = dataset[0]
    assert item['inputs'].shape == (3, *config.image_size[::-1])
    assert item['data_samples'].ori_shape == (64, 64)


def test_training_images_are_resized_to_squares(shapes):
    _config, dataset = build('coco_panoptic', 'train', shapes)
    resize = dataset.pipeline.transforms[4]
    sizes = {resize._random_scale() for _ in range(200)}
    assert all(width == height for width, height in sizes)
    assert 550 <= min(sizes)[0] < 560
    assert 815 < max(sizes)[0] <= 825


def test_camvid_leaf_config():
    config = Config.fromfile(CONFIGS.parents[1] / 'epsnet/epsnet_r18_fpn_camvid.py')
    classes = json.loads((CONFIGS / 'camvid_classes.json').read_text())
    kinds = [category['isthing'] for category in classes]
    assert config.model.num_things_classes == kinds.count(1)
    assert config.model.num_stuff_classes == kinds.count(0)
    # The learning rate ends with the training.
    assert config.param_scheduler[-1].T_max == config.train_cfg.max_epochs
    assert config.param_scheduler[0].end == 100


def test_facades_leaf_config():
    config = Config.fromfile(CONFIGS.parents[1] / 'epsnet/epsnet_lite0_fpn_facades.py')
    # The learning rate ends with the training.
    assert config.param_scheduler[-1].T_max == config.train_cfg.max_epochs
    # Each size of image is at least as large as the crop: nothing is padded.
    resize, crop = config.train_pipeline[3:5]
    assert min(resize.scale) * resize.ratio_range[0] >= max(crop.crop_size)


@needs_data('facades')
def test_facades_config_fits_its_data():
    leaf = Config.fromfile(CONFIGS.parents[1] / 'epsnet/epsnet_lite0_fpn_facades.py')
    for split in ('train', 'val'):
        cfg = leaf[f'{split}_dataloader'].dataset
        cfg.data_root = str(DATA_DIR / 'facades')
        with DefaultScope.overwrite_default_scope('mmdet'):
            dataset = DATASETS.build(cfg)
        assert len(dataset.metainfo['thing_classes']) == leaf.model.num_things_classes
        assert len(dataset.metainfo['stuff_classes']) == leaf.model.num_stuff_classes
        infos = [dataset.get_data_info(index) for index in range(len(dataset))]
        assert {(x['width'], x['height']) for x in infos} == {leaf.image_size}
        most = max(len(x['instances']) for x in infos)
        assert most <= leaf.model.test_cfg.bbox_head.max_per_img
