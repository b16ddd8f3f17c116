"""The checks of classes and checkpoints stay where a leaf has hooks of its own."""

import epsnet_mm  # noqa: F401  (registers what the configs name)
from epsnet_mm.datasets.synthetic.shapes import make_shapes

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner

from .conftest import CONFIGS, LEAVES, read


@pytest.fixture(scope='module')
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp('data') / 'shapes'
    make_shapes(str(folder), train=2, val=1, size=64)
    return f'{folder}/'


@pytest.fixture
def make_runner(root, tmp_path):
    """`make_runner(text)`: the runner of a leaf on shapes that ends in this text."""

    def make(text=''):
        path = tmp_path / 'leaf.py'
        path.write_text(
            f"_base_ = '{CONFIGS}/epsnet/epsnet_r18_fpn_shapes.py'\n"
            "custom_hooks = [dict(type='EMAHook')]\n"
            f'{text}'
        )
        cfg = Config.fromfile(path)
        for split in ('train', 'val', 'test'):
            loader = cfg[f'{split}_dataloader']
            loader.update(num_workers=0, persistent_workers=False)
            loader.dataset.data_root = root
        for evaluator in (cfg.val_evaluator, cfg.test_evaluator):
            evaluator.update(
                ann_file=f'{root}annotations/panoptic_val.json',
                seg_prefix=f'{root}annotations/panoptic_val/',
            )
        cfg.work_dir = str(tmp_path / 'work')
        cfg.experiment_name = tmp_path.name
        cfg.log_level = 'ERROR'
        return Runner.from_cfg(cfg)  # as MMDetection's own tools do

    return make


def test_wrong_class_counts_stop_a_leaf_with_hooks_of_its_own(make_runner):
    runner = make_runner('model = dict(num_things_classes=3)\n')

    with pytest.raises(ValueError, match='built for 3 thing classes'):
        runner.train()


def test_wrong_weights_stop_a_leaf_with_hooks_of_its_own(make_runner, tmp_path):
    weights = tmp_path / 'weights.pth'
    torch.save(dict(state_dict={'backbone.conv1.weight': torch.ones(1)}), weights)
    runner = make_runner(f"load_from = '{weights}'\n")

    with pytest.raises(ValueError, match='does not belong to this model'):
        runner.test()


@pytest.mark.parametrize('name', LEAVES)
def test_no_leaf_of_ours_loses_a_check(name):
    checks = ('PanopticClass', 'PanopticTransform', 'Checkpoint', 'NMS')
    types = {hook.type for hook in read(name).default_hooks.values()}

    assert {f'{check}CheckHook' for check in checks} <= types
