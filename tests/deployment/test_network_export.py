"""Exported files give what the network gives."""

import json

import pytest

from .small_export import (
    EagerNetwork,
    ExportedNetwork,
    assert_same,
    save_weights,
    small_config,
    smooth_image,
)

onnx = pytest.importorskip('onnx', reason='onnx is not installed')
pytest.importorskip('onnxscript', reason='onnxscript is not installed')
export_network = pytest.importorskip(
    'epsnet_mm.deployment.network_export', reason='onnx is not installed'
).export_network
pytestmark = pytest.mark.slow

SIZES = [(32, 32), (100, 250), (301, 97), (720, 960)]


# Networks that differ in the head, in the NMS, and in what they know.
KINDS = {
    'EPSNet': {},
    'EPSNet+': None,
    'greedy, no stuff': dict(stuff=0, nms=dict(type='nms', iou_threshold=0.5)),
    'EPSNet+, no things': dict(things=0, plus=True),
}


@pytest.fixture(scope='module', params=list(KINDS))
def networks(request, tmp_path_factory):
    """The network as a file, and as the inferencer runs it."""
    kind = KINDS[request.param]
    if kind is None:
        folder, cfg, weights = request.getfixturevalue('plus_export')
        return ExportedNetwork(folder / 'fp32.onnx'), EagerNetwork(cfg, weights)
    folder = tmp_path_factory.mktemp('export')
    cfg = small_config(request.config.rootpath, **kind)
    weights = save_weights(cfg, folder / 'weights.pth')
    export_network(cfg, weights, folder / 'small.onnx')
    return ExportedNetwork(folder / 'small.onnx'), EagerNetwork(cfg, weights)


def count_things(exported, found):
    """Segments of things in what a file finds."""
    kinds = [x['isthing'] for x in exported.metadata['classes']]
    return sum(kinds[x] for x in found[1])


def has_things(exported):
    return any(x['isthing'] for x in exported.metadata['classes'])


@pytest.mark.parametrize('size', SIZES)
def test_same_maps_and_segments_at_any_size(networks, size):
    exported, eager = networks
    image = smooth_image(*size)

    (found,) = exported(image)

    assert len(found[1]) > (3 if has_things(exported) else 0)
    assert_same(found, eager(image))


@pytest.mark.parametrize('threshold', [0.5, 0.9, 1.0])
def test_the_score_threshold_is_an_input(networks, threshold):
    exported, eager = networks
    image = smooth_image(90, 120, seed=1)

    (found,) = exported(image, score_threshold=threshold)

    expects_things = has_things(exported) and threshold < 1.0
    assert (count_things(exported, found) > 0) == expects_things
    assert_same(found, eager(image, threshold))
    eager.inferencer.model.bbox_head.test_cfg.score_thr = 0.0


def test_images_of_a_batch_are_independent(networks):
    exported, _ = networks
    images = [smooth_image(90, 120, seed) for seed in range(3)]
    images[1][:] = 0

    together = exported(*images)

    for image, (ids, classes, *_) in zip(images, together, strict=True):
        ((alone, expected, *_),) = exported(image)
        assert (ids == alone).mean() >= 0.9999
        assert classes.tolist() == expected.tolist()


def test_the_file_describes_itself(networks):
    exported, eager = networks
    metadata = exported.metadata
    things = eager.inferencer.model.bbox_head.num_classes

    assert metadata['format_version'] == 1
    names = [x['name'] for x in metadata['classes']]
    assert names == list('abcdefg'[: len(names)])
    kinds = [x['isthing'] for x in metadata['classes']]
    assert kinds == [index < things for index in range(len(names))]
    assert metadata['network_size'] == [96, 128]
    assert metadata['defaults']['score_threshold'] == 0.0
    assert metadata['defaults']['stuff_area_limit'] == 20
    assert json.dumps(metadata)
