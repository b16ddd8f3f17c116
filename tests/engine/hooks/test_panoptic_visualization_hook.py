"""Pictures of a test keep the folders of their images, and its reading flags."""

from types import SimpleNamespace

from epsnet_mm.engine.hooks import PanopticVisualizationHook
from epsnet_mm.engine.hooks.panoptic_visualization_hook import (
    common_folder,
    leaf_datasets,
    picture_name,
)
from epsnet_mm.visualization import EPSNetPanopticVisualizer

import mmcv
import numpy as np
import pytest
import torch
from mmcv.transforms import LoadImageFromFile
from mmdet.structures import DetDataSample
from mmengine.structures import PixelData

PIXELS = np.random.default_rng(0).integers(0, 255, (10, 20, 3), np.uint8)


def dataset(folder, **flags):
    return SimpleNamespace(
        data_prefix=dict(img=str(folder)),
        pipeline=SimpleNamespace(transforms=[LoadImageFromFile(**flags)]),
    )


@pytest.fixture
def runner(tmp_path):
    for name in ('seq0/0000.png', 'seq1/0000.png'):
        mmcv.imwrite(PIXELS, str(tmp_path / 'in' / name))
    return SimpleNamespace(
        work_dir=str(tmp_path / 'work'),
        timestamp='now',
        iter=0,
        test_dataloader=SimpleNamespace(dataset=dataset(tmp_path / 'in')),
        val_dataloader=SimpleNamespace(dataset=dataset(tmp_path / 'in')),
    )


@pytest.fixture
def samples(tmp_path):
    found = []
    for name in ('seq0/0000.png', 'seq1/0000.png'):
        sample = DetDataSample(metainfo=dict(img_path=str(tmp_path / 'in' / name)))
        ids = torch.zeros((1, 10, 20), dtype=torch.long)
        sample.pred_panoptic_seg = PixelData(sem_seg=ids)
        found.append(sample)
    return found


def make_hook(**options):
    visualizer = EPSNetPanopticVisualizer.get_instance('pictures')
    visualizer.dataset_meta = dict(classes=('sand',), palette=[(0, 255, 0)])
    hook = PanopticVisualizationHook(draw=True, **options)
    # Other tests may have left a newer one.
    hook._visualizer = visualizer
    return hook


def test_folders_are_kept(runner, samples, tmp_path):
    hook = make_hook(test_out_dir='pictures')
    hook.before_test(runner)
    hook.after_test_iter(runner, 0, {}, samples[:1])
    hook.after_test_iter(runner, 1, {}, samples[1:])
    out = tmp_path / 'work/now/pictures'
    written = sorted(str(x.relative_to(out)) for x in out.rglob('*.*'))
    assert written == ['seq0/0000.png', 'seq1/0000.png']


def test_absolute_folder(runner, samples, tmp_path):
    hook = make_hook(test_out_dir=str(tmp_path / 'pictures'))
    hook.before_test(runner)
    hook.after_test_iter(runner, 0, {}, samples)
    assert (tmp_path / 'pictures/seq1/0000.png').is_file()


@pytest.mark.parametrize('split', ['val', 'test'])
def test_gray_images_are_read_as_such(runner, samples, tmp_path, monkeypatch, split):
    gray = dataset(tmp_path / 'in', color_type='grayscale')
    getattr(runner, f'{split}_dataloader').dataset = gray
    hook = make_hook(interval=2)
    drawn = []
    monkeypatch.setattr(
        hook._visualizer,
        'add_datasample',
        lambda name, image, **_: drawn.append((name, image)),
    )
    getattr(hook, f'before_{split}')(runner)
    getattr(hook, f'after_{split}_iter')(runner, 0, {}, samples[:1])
    ((name, image),) = drawn
    assert name == f'{split}_img'
    assert image.shape == (10, 20, 3)
    assert (image[..., 0] == image[..., 2]).all()
    if split == 'val':
        hook.after_val_iter(runner, 1, {}, samples)
        assert len(drawn) == 1


def test_nothing_is_drawn_unless_asked(runner, samples):
    hook = make_hook()
    hook.draw = False
    # Without `before_*` reading would fail.
    hook.after_test_iter(runner, 0, {}, samples)
    hook.after_val_iter(runner, 0, {}, samples)


@pytest.mark.parametrize(
    ('folders', 'expected'),
    [
        (['a/in'], 'a/in'),
        (['a/in', 'a/other'], 'a'),
        (['a', 'b'], ''),
        (['/a', 'b'], ''),
        (['', 'b'], ''),
    ],
)
def test_common_folder(folders, expected):
    assert common_folder([dataset(folder) for folder in folders]) == expected


@pytest.mark.parametrize(
    ('path', 'folder', 'expected'),
    [
        ('a/in/s/0.jpg', 'a/in', 's/0.jpg'),
        ('a/in/s/0.xyz', 'a/in', 's/0.xyz.png'),
        ('b/s/0.png', 'a', '0.png'),
        ('a/0.png', '', 'a/0.png'),
    ],
)
def test_picture_name(path, folder, expected):
    assert picture_name(path, folder) == expected


def test_wrappers_of_datasets():
    one, two = dataset('a'), dataset('b')
    joined = SimpleNamespace(datasets=[SimpleNamespace(dataset=one), two])
    assert list(leaf_datasets(joined)) == [one, two]
