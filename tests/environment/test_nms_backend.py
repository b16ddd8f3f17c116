"""What computes the NMS of a config, and that every choice keeps the same boxes."""

import sys
from importlib import import_module
from types import SimpleNamespace

from epsnet_mm.environment.nms_backend import (
    configured_nms,
    example_boxes,
    greedy_nms_on,
    mmcv_nms,
    pytorch_nms,
    torchvision_nms,
)
from epsnet_mm.functional import pairwise_iou
from tests.requirements import needs_ops

import pytest
import torch
from mmengine.config import ConfigDict
from mmengine.logging import MMLogger

GREEDY = ConfigDict(type='nms', iou_threshold=0.5)


def stable_nms(boxes, scores, iou_threshold):
    """torchvision's: a stable sort, and a threshold in double precision."""
    order = scores.argsort(descending=True, stable=True)
    overlaps = pairwise_iou(boxes[order], boxes[order]).double() > iou_threshold
    kept = []
    for i in range(len(order)):
        if not overlaps[kept, i].any():
            kept.append(i)
    return order[kept]


@pytest.fixture(autouse=True)
def decide_anew():
    """A choice holds for the process, so no test must leave its own behind."""
    greedy_nms_on.cache_clear()
    yield
    greedy_nms_on.cache_clear()


@pytest.fixture
def no_compiled_nms(monkeypatch):
    """What mmcv says where its ops are for another device; and no torchvision."""

    def fail(*args, **kwargs):
        raise RuntimeError('nms_impl: implementation for device cuda:0 not found.')

    # The attribute `mmcv.ops.nms` is the function.
    ops = SimpleNamespace(nms=fail, softnms=fail)
    monkeypatch.setattr(sys.modules['mmcv.ops.nms'], 'ext_module', ops)
    monkeypatch.setitem(sys.modules, 'torchvision', None)
    monkeypatch.setitem(sys.modules, 'torchvision.ops', None)


@pytest.fixture
def logged(monkeypatch):
    """What is logged."""
    lines = []
    logger = SimpleNamespace(log=lambda level, message: lines.append(message))
    monkeypatch.setattr(MMLogger, 'get_current_instance', lambda: logger)
    return lines


@needs_ops
def test_the_compiled_op_comes_first(logged):
    assert greedy_nms_on('cpu') is mmcv_nms
    assert logged == ["Greedy NMS on cpu: mmcv's compiled op"]


def test_plain_pytorch_where_no_compiled_op_runs(no_compiled_nms, logged):
    for _ in range(2):
        kept = configured_nms(*example_boxes('cpu'), GREEDY)
        assert kept.tolist() == [True, False, True]

    assert greedy_nms_on('cpu') is pytorch_nms
    assert logged == [
        'Greedy NMS on cpu: plain PyTorch (`make ops` compiles a faster one)'
    ]


@pytest.fixture
def like_torchvision(monkeypatch):
    """torchvision is there, with `stable_nms`."""
    module = SimpleNamespace(nms=stable_nms)
    monkeypatch.setitem(sys.modules, 'torchvision', SimpleNamespace(ops=module))
    monkeypatch.setitem(sys.modules, 'torchvision.ops', module)


@pytest.fixture
def real_torchvision():
    """The installed one, if it fits the installed torch."""
    try:
        return import_module('torchvision.ops')
    except (ImportError, RuntimeError) as error:
        pytest.skip(f'torchvision does not run: {error}')


def test_torchvision_comes_before_plain_pytorch(
    no_compiled_nms, like_torchvision, logged
):
    assert greedy_nms_on('cpu') is torchvision_nms
    assert logged == ["Greedy NMS on cpu: torchvision's compiled op"]


def test_a_compiled_op_with_wrong_results_is_not_used(no_compiled_nms, monkeypatch):
    ops = SimpleNamespace(nms=lambda boxes, scores, **options: torch.tensor([0, 1]))
    monkeypatch.setattr(sys.modules['mmcv.ops.nms'], 'ext_module', ops)

    assert greedy_nms_on('cpu') is pytorch_nms


@pytest.mark.parametrize(
    'options', [dict(type='soft_nms'), dict(type='nms', max_num=3)], ids=str
)
def test_what_only_mmcv_can_do_is_left_to_it(no_compiled_nms, options):
    with pytest.raises(RuntimeError, match='implementation for device cuda:0'):
        configured_nms(*example_boxes('cpu'), dict(iou_threshold=0.5) | options)


@needs_ops
def test_options_of_mmcv():
    boxes, scores, labels = example_boxes('cpu')
    soft = configured_nms(boxes, scores, labels, dict(type='soft_nms', min_score=0.5))
    one = configured_nms(boxes, scores, labels, dict(GREEDY, max_num=1))

    assert soft.tolist() == [True, False, True]
    assert one.tolist() == [True, False, False]


@pytest.mark.parametrize('nms', [mmcv_nms, torchvision_nms, pytorch_nms])
def test_no_boxes(nms, like_torchvision):
    """Such as those of all views of an image without things."""
    kept = nms(torch.zeros(0, 4), torch.zeros(0), torch.zeros(0), GREEDY)

    assert kept.shape == (0,)
    assert kept.dtype == torch.bool


def random_boxes(generator):
    """300 boxes in 3 classes, with ties: whole coordinates, 20 levels of scores."""
    corners = torch.randint(0, 30, (300, 2), generator=generator)
    sides = torch.randint(5, 12, (300, 2), generator=generator)
    scores = torch.randint(0, 20, (300,), generator=generator) / 20
    labels = torch.randint(0, 3, (300,), generator=generator)
    return torch.cat([corners, corners + sides], dim=1).float(), scores, labels


def assert_same_boxes(nms, other):
    generator = torch.Generator().manual_seed(0)
    for number in range(30):
        boxes = random_boxes(generator)
        # Of these, single precision rounds 0.6 up, and 0.7 down.
        cfg = dict(type='nms', iou_threshold=(0.5, 0.6, 0.7)[number % 3])
        kept = nms(*boxes, cfg)
        assert kept.equal(other(*boxes, cfg))
        assert 0 < kept.sum() < len(kept)


@needs_ops
def test_pytorch_keeps_what_mmcv_keeps():
    assert_same_boxes(pytorch_nms, mmcv_nms)


def test_what_is_like_torchvision_keeps_what_pytorch_keeps(like_torchvision):
    assert_same_boxes(torchvision_nms, pytorch_nms)


def test_torchvision_keeps_what_pytorch_keeps(real_torchvision):
    assert_same_boxes(torchvision_nms, pytorch_nms)
