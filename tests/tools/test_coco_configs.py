"""The commands of configs/epsnet/README.md, on an image with COCO's categories."""

# First: mmdet needs mmcv's ops, which the package can stand in for.
import json

import epsnet_mm  # noqa: F401

import cv2
import numpy as np
import pytest
import torch
from fixtures import CATEGORY_IDS, fill, image
from mmdet.datasets import CocoPanopticDataset

from .conftest import REPO

pytestmark = pytest.mark.slow
HEIGHT, WIDTH = 48, 64
NUM_THINGS = 80


def write_coco(root, count=1):
    """Images in COCO's folders, all the same: grass under sky, a crowd and a person."""
    ids = np.full((HEIGHT, WIDTH), 1)
    ids[20:], ids[10:40, 5:25], ids[15:35, 40:60] = 2, 3, 4
    segments = [
        dict(id=1, category_id=187, bbox=[0, 0, WIDTH, 20], iscrowd=0),
        dict(id=2, category_id=193, bbox=[0, 20, WIDTH, HEIGHT - 20], iscrowd=0),
        dict(id=3, category_id=1, bbox=[5, 10, 20, 30], iscrowd=0),
        dict(id=4, category_id=1, bbox=[40, 15, 20, 20], iscrowd=1),
    ]
    for segment in segments:
        segment['area'] = int((ids == segment['id']).sum())
    names = CocoPanopticDataset.METAINFO['classes']
    content = dict(
        images=[
            dict(id=number, file_name='1.jpg', height=HEIGHT, width=WIDTH)
            for number in range(1, count + 1)
        ],
        annotations=[
            dict(image_id=number, file_name='1.png', segments_info=segments)
            for number in range(1, count + 1)
        ],
        categories=[
            dict(id=category, name=name, isthing=int(label < NUM_THINGS))
            for label, (category, name) in enumerate(
                zip(CATEGORY_IDS, names, strict=True)
            )
        ],
    )
    (root / 'images').mkdir(parents=True)
    (root / 'annotations/panoptic_val').mkdir(parents=True)
    (root / 'annotations/panoptic_val.json').write_text(json.dumps(content))
    cv2.imwrite(str(root / 'images/1.jpg'), image(HEIGHT, WIDTH, seed=1))
    # The last channel that OpenCV writes is the lowest byte.
    png = np.stack([ids * 0, ids * 0, ids], axis=-1).astype(np.uint8)
    cv2.imwrite(str(root / 'annotations/panoptic_val/1.png'), png)


def data_options(split, root):
    """The dataset's part of `--cfg-options`; `split` is train or test."""
    dataset = f'{split}_dataloader.dataset'
    return [
        f'{dataset}.data_root={root}',
        f'{dataset}.ann_file=annotations/panoptic_val.json',
        f'{dataset}.data_prefix.img=images',
        f'{dataset}.data_prefix.seg=annotations/panoptic_val',
    ]


@pytest.fixture(scope='module')
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp('data') / 'coco_samples'
    write_coco(folder)
    return folder


THIN = (
    'model.backbone.init_cfg=None',
    'model.backbone.depth=50',
    'model.backbone.base_channels=16',
    'model.neck.in_channels=[64,128,256,512]',
)
NO_VALIDATION = ('val_cfg=None', 'val_dataloader=None', 'val_evaluator=None')


def evaluate(run, root, tmp_path, config, checkpoint, *flags):
    return run(
        'tools/test.py',
        config,
        checkpoint,
        *flags,
        '--work-dir',
        tmp_path / 'w',
        '--cfg-options',
        *data_options('test', root),
        f'test_evaluator.ann_file={root}/annotations/panoptic_val.json',
        f'test_evaluator.seg_prefix={root}/annotations/panoptic_val',
    )


@pytest.mark.parametrize(('depth', 'flags'), [(101, []), (50, ['--tta'])])
def test_released_weights_are_converted_and_evaluated(
    run, root, tmp_path, depth, flags
):
    config = REPO / f'configs/epsnet/epsnet_r{depth}_fpn_official-weights_coco.py'
    keys = REPO / f'tests/data/release_keys_r{depth}.json'
    released, converted = tmp_path / 'released.pth', tmp_path / 'epsnet.pth'
    torch.save(
        {
            key: torch.from_numpy(np.asarray(fill(key, tuple(shape))))
            for key, shape in json.loads(keys.read_text()).items()
        },
        released,
    )

    code, text = run(
        'tools/model_converters/epsnet_release_to_mmdet.py', released, converted
    )

    assert code == 0, text
    assert f'entries, for {config}' in text

    code, text = evaluate(run, root, tmp_path, config, converted, *flags)

    assert code == 0, text
    assert '| Things |' in text
    assert 'coco_panoptic/PQ' in text


@pytest.mark.parametrize(
    ('name', 'flags'),
    [
        ('epsnet_r101_fpn_ema_coco', []),
        ('epsnet_r101_fpn_amp_coco', ['--amp']),
    ],
)
def test_options_of_training(run, root, tmp_path, name, flags):
    """Two iterations of the variants whose model is the full one, made thin here."""
    config = REPO / f'configs/epsnet/{name}.py'
    code, text = run(
        'tools/train.py',
        config,
        *flags,
        '--work-dir',
        tmp_path / 'w',
        '--cfg-options',
        *THIN,
        *data_options('train', root),
        'train_cfg.max_iters=2',
        'train_dataloader.batch_size=1',
        'default_hooks.logger.interval=1',
        *NO_VALIDATION,
    )

    assert code == 0, text
    assert 'Iter(train) [2/2]' in text
    assert 'Skipped the optimizer step' not in text
    checkpoint = torch.load(tmp_path / 'w/iter_2.pth', weights_only=False)
    assert ('ema_state_dict' in checkpoint) == ('ema' in name)
    for key, value in checkpoint['state_dict'].items():
        assert value.isfinite().all(), key
        assert value.dtype != torch.bfloat16, key


def test_twenty_iterations_of_epsnet_plus(run, tmp_path):
    """One epoch of the recipe for COCO, with a thin backbone and without a GPU."""
    write_coco(tmp_path / 'data', count=20)

    code, text = run(
        'tools/train.py',
        REPO / 'configs/epsnet/epsnet-plus_r50_fpn_8xb8-50e_coco.py',
        '--work-dir',
        tmp_path / 'w',
        '--cfg-options',
        *THIN,
        *data_options('train', tmp_path / 'data'),
        # Half precision takes a CPU several times as long; test_variants.py has it.
        'optim_wrapper.type=FiniteOptimWrapper',
        'train_cfg.max_epochs=1',
        'train_dataloader.batch_size=1',
        'train_dataloader.num_workers=1',
        'default_hooks.logger.interval=20',
        *NO_VALIDATION,
    )

    assert code == 0, text
    assert 'Epoch(train) [1][20/20]' in text
    assert 'loss_dice' in text
    assert 'Skipped the optimizer step' not in text
    checkpoint = torch.load(tmp_path / 'w/epoch_1.pth', weights_only=False)
    for name, value in checkpoint['state_dict'].items():
        assert value.isfinite().all(), name
