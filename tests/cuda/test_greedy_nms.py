"""Greedy NMS keeps the same boxes on a CPU and on a GPU."""

from epsnet_mm.environment.nms_backend import greedy_nms_on, pytorch_nms

import pytest
import torch

pytestmark = pytest.mark.cuda


def random_boxes(generator, count):
    """Whole coordinates give IoUs at the threshold. Scores are distinct: a GPU may
    sort equal ones in another order."""
    corners = torch.randint(0, 60, (count, 2), generator=generator)
    sides = torch.randint(5, 20, (count, 2), generator=generator)
    scores = torch.randperm(count, generator=generator) / count
    labels = torch.randint(0, 3, (count,), generator=generator)
    return torch.cat([corners, corners + sides], dim=1).float(), scores, labels


@pytest.mark.parametrize('threshold', [0.3, 0.5, 0.6, 0.7])
def test_plain_pytorch_on_cpu_and_gpu(device, threshold):
    generator = torch.Generator().manual_seed(0)
    cfg = dict(type='nms', iou_threshold=threshold)
    for count in (0, 1, 30, 129, 1000):
        boxes = random_boxes(generator, count)
        expected = pytorch_nms(*boxes, cfg)

        kept = pytorch_nms(*(x.to(device) for x in boxes), cfg)

        assert kept.device.type == device
        assert kept.cpu().equal(expected)


def test_what_a_gpu_uses(device):
    """0.51 is no quotient of such boxes' areas, so no rounding decides."""
    generator = torch.Generator().manual_seed(0)
    cfg = dict(type='nms', iou_threshold=0.51)
    for count in (1, 30, 1000):
        boxes = random_boxes(generator, count)

        kept = greedy_nms_on(device)(*(x.to(device) for x in boxes), cfg)

        assert kept.cpu().equal(pytorch_nms(*boxes, cfg))
