"""Files of the network in the box against PyTorch, on photographs if there are any."""

import json
from functools import cache

from epsnet_mm.environment.default_network import default_network
from epsnet_mm.evaluation import EPSNetPanopticMetric
from epsnet_runtime import PanopticModel
from tests.deployment.small_export import EagerNetwork, columns
from tests.requirements import DATA_DIR, needs_data

import cv2
import numpy as np
import pytest
import torch
from mmdet.evaluation import INSTANCE_OFFSET
from mmengine.config import Config

pytest.importorskip('onnx', reason='onnx is not installed')
pytest.importorskip('onnxruntime', reason='onnxruntime is not installed')
pytest.importorskip('onnxscript', reason='onnxscript is not installed')

from epsnet_mm.deployment.network_export import export_network
from epsnet_mm.deployment.onnx_file import read_metadata, with_precision
from epsnet_mm.deployment.openvino_file import save_openvino

import onnx

pytestmark = pytest.mark.slow

# Dataset -> folder of its photographs.
PHOTOS = dict(camvid='images/val', facades='images/val', coco_samples='images')
NUM_PHOTOS = dict(camvid=2, facades=8, coco_samples=2)
FORMS = ('fp32', 'fp16', 'openvino')
DATASETS = [pytest.param(name, marks=needs_data(name)) for name in PHOTOS]


def windows(height=640, width=640):
    """(height, width, 3) uint8 BGR: a wall with 13 rows of 13 windows.

    Windows of one color would have equal scores, and their order would be arbitrary.
    """
    generator = np.random.default_rng(0)
    wall = np.full((640, 640, 3), (120, 160, 200), np.uint8)
    for y in range(8, 620, 48):
        for x in range(8, 620, 48):
            wall[y : y + 29, x : x + 25] = generator.integers(20, 50, 3)
    return cv2.resize(wall, (width, height))


def photographs(dataset):
    """Paths of some photographs, spread over all."""
    found = sorted((DATA_DIR / dataset / PHOTOS[dataset]).glob('*.jpg'))
    assert found
    return found[:: -(-len(found) // NUM_PHOTOS[dataset])]


class ExportedForm:
    """What a file finds in an image, or in all images of a batch."""

    def __init__(self, path):
        self.model = PanopticModel(path, threads=1)

    def __call__(self, image):
        return columns(self.model(image))

    def batch(self, images):
        found = self.model.iter_results(images, batch_size=len(images))
        return [columns(x) for x in found]


@pytest.fixture(scope='module')
def network(tmp_path_factory):
    """A function: form of the network to what predicts an image."""
    folder = tmp_path_factory.mktemp('parity')
    config, weights = default_network()
    cfg = Config.fromfile(config)
    export_network(cfg, weights, folder / 'fp32.onnx')

    def write(form):
        model = onnx.load(folder / 'fp32.onnx')
        if form == 'openvino':
            pytest.importorskip('openvino', reason='openvino is not installed')
            save_openvino(model, folder / 'fp32.xml')
            return folder / 'fp32.xml'
        notes = dict(read_metadata(model), precision=form)
        onnx.save(with_precision(model, notes, None), folder / f'{form}.onnx')
        return folder / f'{form}.onnx'

    @cache
    def load_form(form):
        if form == 'eager':
            return EagerNetwork(cfg, weights)
        return ExportedForm(write(form))

    return load_form


@pytest.fixture(scope='module')
def predict(network):
    """A function: form and path to what the network finds, which is kept."""
    return cache(lambda form, path: network(form)(cv2.imread(str(path))))


def differing_pixels(found, eager):
    """Number of pixels whose segments do not belong together, whatever their numbers.

    Rounding may swap instances of nearly equal scores, and so the numbers of all that
    are between them. Two segments belong together if they have one class, and each of
    them has most of its pixels in the other one.
    """
    ids, classes = found[:2]
    expected, segments = eager
    labels = np.array([-1, *classes])
    wanted = np.array([-1, *(x['category_id'] - 1 for x in segments)])
    pairs = ids.astype(int) * len(wanted) + expected
    counts = np.bincount(pairs.ravel(), minlength=len(labels) * len(wanted))
    counts = counts.reshape(len(labels), len(wanted))
    counts[labels[:, None] != wanted] = 0
    together = (counts == counts.max(0)) & (counts == counts.max(1)[:, None])
    return ids.size - counts[together].sum()


def assert_near(form, found, eager):
    """What each form promises; instances of nearly equal scores may swap."""
    share = 0.001 if form == 'fp16' else 0.0001
    assert differing_pixels(found, eager) <= max(1, share * found[0].size)
    if form != 'fp16':
        assert sorted(found[1]) == sorted(x['category_id'] - 1 for x in eager[1])
        scores = [x['score'] for x in eager[1] if 'score' in x]
        np.testing.assert_allclose(
            np.sort(found[2][np.isfinite(found[2])]), np.sort(scores), atol=1e-3
        )


@pytest.mark.parametrize('form', FORMS)
def test_more_than_a_hundred_instances(network, form):
    image = windows()

    found = network(form)(image)

    assert len(found[1]) > 100
    assert_near(form, found, network('eager')(image))


@pytest.mark.parametrize('size', [(32, 32), (640, 200), (3000, 4000)])
def test_sizes(network, size):
    image = windows(*size)

    found = network('fp32')(image)

    assert len(found[1]) > 0
    assert_near('fp32', found, network('eager')(image))


@pytest.mark.parametrize('form', ['fp32', 'openvino'])
def test_a_batch_of_mixed_content(network, form):
    """More than a hundred instances between two images without any."""
    images = [np.zeros((640, 640, 3), np.uint8), windows(), np.full_like(windows(), 90)]

    together = network(form).batch(images)

    for image, found in zip(images, together, strict=True):
        assert_near(form, found, network('eager')(image))
    things = [np.isfinite(x[2]).sum() for x in together]
    assert things[1] > 100
    assert things[::2] == [0, 0]


@pytest.mark.parametrize('form', ['fp32', 'openvino'])
def test_nothing_at_all(network, form):
    model = network(form).model
    model.score_threshold, model.stuff_area_limit = 1.0, 10**6

    result = model(windows(70, 90))
    model.score_threshold, model.stuff_area_limit = None, None

    assert result.segments == []
    assert not result.panoptic.any()


@pytest.mark.parametrize('form', FORMS)
@pytest.mark.parametrize('dataset', DATASETS)
def test_photographs(predict, dataset, form):
    for path in photographs(dataset):
        assert_near(form, predict(form, path), predict('eager', path))


def panoptic_quality(predict, form, meta):
    """PQ in percent of some validation images of facades."""
    root = DATA_DIR / 'facades/annotations'
    metric = EPSNetPanopticMetric(
        str(root / 'panoptic_val.json'), str(root / 'panoptic_val')
    )
    metric.dataset_meta = meta
    content = json.loads((root / 'panoptic_val.json').read_text(encoding='utf-8'))
    image_ids = {x['file_name']: x['id'] for x in content['images']}
    num_things, num_classes = len(meta['thing_classes']), len(meta['classes'])
    paths = photographs('facades')
    for path in paths:
        ids, classes = predict(form, path)[:2]
        if form == 'eager':
            classes = [x['category_id'] - 1 for x in classes]
        values = np.array([num_classes, *classes])
        # Another number for each thing.
        values += np.arange(len(values)) * (values < num_things) * INSTANCE_OFFSET
        sample = dict(
            img_id=image_ids[path.name],
            img_path=str(path),
            ori_shape=ids.shape,
            pred_panoptic_seg=dict(sem_seg=torch.from_numpy(values[ids])[None]),
        )
        metric.process({}, [sample])
    return metric.evaluate(len(paths))['coco_panoptic/PQ']


@needs_data('facades')
@pytest.mark.parametrize('form', FORMS)
def test_panoptic_quality(network, predict, form):
    meta = network('eager').inferencer.model.dataset_meta
    expected = panoptic_quality(predict, 'eager', meta)

    found = panoptic_quality(predict, form, meta)

    assert expected > 20
    assert found == pytest.approx(expected, abs=0.05)
