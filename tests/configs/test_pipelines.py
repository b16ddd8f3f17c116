"""What the pipelines of the configs do to an image."""

import shutil
from pathlib import Path

import epsnet_mm  # noqa: F401  (registers what the configs name)

import numpy as np
import pytest
from mmdet.registry import TRANSFORMS
from mmengine.config import Config
from mmengine.registry import DefaultScope

from .conftest import COCO_LEAVES, CONFIGS, LEAVES, read

REMOTE = dict(backend='petrel')


def build(transform):
    with DefaultScope.overwrite_default_scope('mmdet'):
        return TRANSFORMS.build(transform)


def permutes_channels(distort):
    """Whether the order of blue < green < red is lost in one of 100 draws."""
    np.random.seed(0)
    image = np.broadcast_to(np.float32([60, 120, 200]), (2, 2, 3))
    results = [distort(dict(img=image))['img'] for _ in range(100)]
    return any((np.diff(result) <= 0).any() for result in results)


@pytest.mark.parametrize('name', COCO_LEAVES)
def test_distortion_never_permutes_channels(name):
    pipeline = read(name).train_dataloader.dataset.pipeline
    distortions = [x for x in pipeline if x.type == 'EPSNetPhotoMetricDistortion']

    assert len(distortions) == ('no-aug' not in name)
    assert not any(permutes_channels(build(x)) for x in distortions)


def test_upstreams_default_permutes_channels():
    assert permutes_channels(build(dict(type='PhotoMetricDistortion')))


TRANSFORM_NAMES = {*TRANSFORMS.module_dict, *TRANSFORMS.parent.module_dict}
STEPS = [
    pytest.param(step, id=f'{path.stem}.{name}')
    for path in sorted((CONFIGS / '_base_/datasets').glob('*.py'))
    for name, step in Config.fromfile(path).items()
    if isinstance(step, dict) and step.get('type') in TRANSFORM_NAMES
    # Each dataset adds its size.
    if name != 'random_crop'
]


@pytest.mark.parametrize('step', STEPS)
def test_named_steps_build_in_configs_that_inherit(step):
    """Inherited dicts merge, so a name must not stand for two kinds of step."""
    build(step)


def loaders(entry):
    """All dicts whose type begins with Load, and those that read other files."""
    if isinstance(entry, dict):
        kind = str(entry.get('type'))
        if kind.startswith('Load') or kind.endswith(('PanopticDataset', 'Metric')):
            yield entry
        entry = list(entry.values())
    if isinstance(entry, (list, tuple)):
        for part in entry:
            yield from loaders(part)


@pytest.fixture(scope='module')
def remote_configs(tmp_path_factory) -> Path:
    """The configs, but reading from another file backend."""
    folder = tmp_path_factory.mktemp('remote') / 'configs'
    shutil.copytree(CONFIGS, folder)
    path = folder / '_base_/datasets/panoptic.py'
    text = path.read_text()
    assert text.count('backend_args = None') == 1
    path.write_text(text.replace('backend_args = None', f'backend_args = {REMOTE}'))
    return folder


@pytest.mark.parametrize(
    'path',
    [
        *(f'epsnet/{name}.py' for name in LEAVES),
        *(f'panoptic_fpn/{path.name}' for path in (CONFIGS / 'panoptic_fpn').glob('*')),
    ],
)
def test_one_backend_reads_all_files(remote_configs, path):
    """Images, ground truth and annotation files, to train and to evaluate."""
    cfg = Config.fromfile(remote_configs / path)
    parts = {
        key: value
        for key, value in cfg.to_dict().items()
        if key.endswith(('_dataloader', '_evaluator', 'tta_pipeline'))
    }
    found = {key: list(loaders(value)) for key, value in parts.items()}

    # Dataset, image and, for training, ground truth.
    counts = dict(train_dataloader=3, val_dataloader=2, test_dataloader=2)
    counts |= dict(val_evaluator=1, test_evaluator=1)
    counts |= dict(tta_pipeline=1) if 'tta_pipeline' in cfg else {}
    assert {key: len(value) for key, value in found.items()} == counts
    for key, value in found.items():
        assert all(x['backend_args'] == REMOTE for x in value), key


@pytest.mark.parametrize('name', COCO_LEAVES)
def test_training_and_testing_have_one_size(name):
    """The network sees squares of `image_size`, cropped or resized to it."""
    cfg = read(name)
    last = {
        x.get('crop_size', x.get('scale'))
        for x in cfg.train_dataloader.dataset.pipeline
        if 'crop_size' in x or 'scale' in x
    }
    (test,) = (x for x in cfg.test_dataloader.dataset.pipeline if x.type == 'Resize')

    assert last == {cfg.image_size}
    assert test.scale == cfg.image_size
    assert not test.keep_ratio
