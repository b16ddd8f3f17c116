"""The config for images of one's own trains on what docs/custom_dataset.md says."""

from epsnet_mm.datasets.synthetic.shapes import make_shapes

import pytest

from .conftest import REPO

CONFIG = REPO / 'configs/epsnet/epsnet-plus_lite0_fpn_mine.py'


@pytest.fixture
def mine(tmp_path):
    """`data/mine` in the folder of a training: 4 images of 4 things and 4 stuffs."""
    make_shapes(str(tmp_path / 'shapes'), train=4, val=2, size=96)
    mine = tmp_path / 'data/mine'
    mine.mkdir(parents=True)
    (mine / 'images').symlink_to(tmp_path / 'shapes')
    (mine / 'annotations').symlink_to(tmp_path / 'shapes/annotations')


def train(run, things, stuff):
    return run(
        'tools/train.py',
        CONFIG,
        '--work-dir',
        'runs',
        '--cfg-options',
        f'model.num_things_classes={things}',
        f'model.num_stuff_classes={stuff}',
        'train_cfg.max_epochs=1',
        'train_cfg.val_interval=1',
    )


@pytest.mark.slow
def test_only_the_numbers_of_classes_are_missing(run, mine, tmp_path):
    code, text = train(run, 4, 4)

    assert code == 0, text
    assert 'coco_panoptic/PQ' in text
    assert (tmp_path / 'runs/epoch_1.pth').exists()


@pytest.mark.slow
def test_other_numbers_stop_the_training(run, mine):
    code, text = train(run, 1, 1)

    assert code == 1
    assert text.splitlines()[-1].startswith(
        'ValueError: The model is built for 1 thing classes, but the train dataset '
        'has 4'
    )
