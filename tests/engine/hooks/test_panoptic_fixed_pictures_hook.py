"""The same images in each validation, in TensorBoard too."""

from types import SimpleNamespace

from epsnet_mm.engine.hooks import PanopticClassScalarsHook, PanopticFixedPicturesHook
from epsnet_mm.evaluation.class_errors import ClassErrors
from epsnet_mm.visualization import EPSNetPanopticVisualizer

import mmcv
import numpy as np
import pytest
import torch
from mmcv.transforms import LoadImageFromFile
from mmdet.structures import DetDataSample
from mmengine.structures import PixelData

NAMES = [f'{folder}/{i}.png' for folder in 'ab' for i in range(3)]


class Dataset:
    def __init__(self, folder):
        self.data_prefix = dict(img=str(folder))
        self.pipeline = SimpleNamespace(transforms=[LoadImageFromFile()])

    def __len__(self):
        return len(NAMES)

    def get_data_info(self, index):
        return dict(img_path=f'{self.data_prefix["img"]}/{NAMES[index]}')


@pytest.fixture
def runner(tmp_path):
    for name in NAMES:
        mmcv.imwrite(np.zeros((10, 20, 3), np.uint8), str(tmp_path / 'in' / name))
    return SimpleNamespace(
        work_dir=str(tmp_path),
        iter=0,
        val_dataloader=SimpleNamespace(dataset=Dataset(tmp_path / 'in')),
    )


def make_visualizer(tmp_path, *backends):
    # The latest instance is the one that a hook takes.
    visualizer = EPSNetPanopticVisualizer.get_instance(
        str(tmp_path),
        vis_backends=[dict(type=backend) for backend in backends],
        save_dir=str(tmp_path / 'vis'),
    )
    visualizer.dataset_meta = dict(classes=('sand',), palette=[(0, 255, 0)])
    return visualizer


def validate(hook, runner, iteration):
    """One image in a batch, as validation loops have them."""
    runner.iter = iteration
    hook.before_val(runner)
    for number in range(len(NAMES)):
        info = runner.val_dataloader.dataset.get_data_info(number)
        sample = DetDataSample(metainfo=info)
        ids = torch.zeros((1, 10, 20), dtype=torch.long)
        sample.pred_panoptic_seg = PixelData(sem_seg=ids)
        hook.after_val_iter(runner, number, {}, [sample])


@pytest.mark.parametrize(
    ('options', 'names'),
    [
        (dict(num_images=2), ['a_0', 'b_2']),
        (dict(images=['b/1.png']), ['b_1']),
        (dict(num_images=100), [name[:-4].replace('/', '_') for name in NAMES]),
    ],
)
def test_local_files(runner, tmp_path, options, names):
    make_visualizer(tmp_path, 'LocalVisBackend')
    hook = PanopticFixedPicturesHook(**options)
    for iteration in (5, 10):
        validate(hook, runner, iteration)
    found = sorted(path.stem for path in tmp_path.rglob('vis_image/*'))
    assert found == sorted(f'val_{name}_{step}' for name in names for step in (5, 10))


def test_unknown_image(runner, tmp_path):
    make_visualizer(tmp_path, 'LocalVisBackend')
    hook = PanopticFixedPicturesHook(images=['none.png'])
    with pytest.raises(ValueError, match=r'none of the images .*none\.png'):
        hook.before_val(runner)


def test_tensorboard_offline(runner, tmp_path):
    """Scalars of classes and series of pictures, read back from the event file."""
    pytest.importorskip('tensorboard', reason='tensorboard is not installed')
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    visualizer = make_visualizer(tmp_path, 'TensorboardVisBackend')
    runner.visualizer = visualizer
    lost = {'boundary': 75.0}
    row = dict(pq=25.0, sq=50.0, rq=50.0, tp=1, fp=0, fn=2, lost=lost)
    errors = ClassErrors([dict(row, name='sand')], lost)
    metrics = [SimpleNamespace(class_errors=errors)]
    runner.val_evaluator = SimpleNamespace(metrics=metrics)
    hook = PanopticFixedPicturesHook(num_images=2)
    for iteration in (5, 10):
        validate(hook, runner, iteration)
        PanopticClassScalarsHook().after_val_epoch(runner, {})
    visualizer.close()
    (file,) = tmp_path.rglob('events.out.tfevents.*')
    events = EventAccumulator(str(file)).Reload()
    assert [x.step for x in events.Images('val_a_0')] == [5, 10]
    assert events.Tags()['images'] == ['val_a_0', 'val_b_2']
    assert [(x.step, x.value) for x in events.Scalars('class_PQ/sand')] == [
        (5, 25.0),
        (10, 25.0),
    ]
    assert events.Scalars('lost_PQ/boundary')[0].value == 75
    assert [x.step for x in events.Tensors('classes/text_summary')] == [5, 10]
    (text,) = events.Tensors('classes/text_summary')[0].tensor_proto.string_val
    assert '| sand  | 25.000 | 50.000 |' in text.decode()
