"""Post-processing hardly waits for the device, whatever it finds.

A GPU runs behind the host until the host asks for a value (the number of true
elements, a size, an item) or sends one that a tensor is made of. The operations that
do so can be seen on a CPU too.
"""

from epsnet_mm.functional import InstanceMasks, resolve_overlaps, semantic

import pytest
import torch
from mmdet.registry import MODELS
from mmengine.config import ConfigDict
from torch.utils._python_dispatch import TorchDispatchMode

T, S, K = 4, 3, 8
LEVELS, PROTOTYPES, SIZE = (12, 6, 3), 24, (50, 70)
WAITING = {
    torch.ops.aten._local_scalar_dense,
    torch.ops.aten.nonzero,
    torch.ops.aten.item,
    torch.ops.aten.masked_select,
    torch.ops.aten.unique_dim,
    torch.ops.aten._unique2,
    torch.ops.aten.bincount,
    torch.ops.aten.is_nonzero,
    torch.ops.aten.equal,
    torch.ops.aten.lift_fresh,
}


class CountWaits(TorchDispatchMode):
    """Counts what makes the host wait; `tolist` waits once, for all its items."""

    def __init__(self, monkeypatch):
        super().__init__()
        self.count, self._listing = 0, False
        to_list = torch.Tensor.tolist

        def tolist(tensor):
            self.count += 1
            self._listing = True
            try:
                return to_list(tensor)
            finally:
                self._listing = False

        monkeypatch.setattr(torch.Tensor, 'tolist', tolist)

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        # Indexing by a boolean mask asks for the number of its true elements.
        by_mask = func.overloadpacket is torch.ops.aten.index and any(
            x is not None and x.dtype == torch.bool for x in args[1]
        )
        if (func.overloadpacket in WAITING or by_mask) and not self._listing:
            self.count += 1
        return func(*args, **(kwargs or {}))


def random_masks(count):
    generator = torch.Generator().manual_seed(0)
    return InstanceMasks(
        [(5, 5, 45, 35)] * count,
        [torch.rand(30, 40, generator=generator) > 0.5 for _ in range(count)],
        SIZE,
    )


@pytest.fixture
def heads():
    """Instance, mask and fusion head, with fast NMS."""
    bbox_head = MODELS.build(
        dict(
            type='EPSNetInstanceHead',
            num_classes=T,
            num_protos=K,
            in_channels=8,
            feat_channels=8,
            norm_cfg=dict(type='GN', num_groups=4),
            anchor_generator=dict(
                type='ImageAnchorGenerator',
                strides=[8, 16, 32],
                base_sizes=[16, 32, 64],
                scales=[1.0],
                ratios=[1.0, 2.0, 0.5],
            ),
            test_cfg=ConfigDict(
                score_thr=0.0,
                nms_pre=300,
                max_per_img=100,
                nms=dict(type='fast_nms', iou_threshold=0.9, top_k=300),
            ),
        )
    )
    fusion_head = MODELS.build(
        dict(
            type='EPSNetFusionHead',
            num_things_classes=T,
            num_stuff_classes=S,
            test_cfg=ConfigDict(mask_overlap=0.5, stuff_area_limit=16),
        )
    )
    return bbox_head, MODELS.build(dict(type='MaskAssemblyHead')), fusion_head


def postprocess(heads, max_per_img):
    """Network outputs to panoptic map; returns it and the number of detections."""
    bbox_head, mask_head, fusion_head = heads
    bbox_head.test_cfg.max_per_img = max_per_img
    generator = torch.Generator().manual_seed(0)

    def outputs(channels):
        return [torch.randn(1, channels, x, x, generator=generator) for x in LEVELS]

    meta = dict(ori_shape=SIZE, img_shape=(96, 96), batch_input_shape=(96, 96))
    prototypes = torch.rand(1, K, PROTOTYPES, PROTOTYPES, generator=generator)
    logits = torch.randn(1, S + 1, PROTOTYPES, PROTOTYPES, generator=generator)
    found = bbox_head.predict_by_feat(
        outputs(3 * (T + 1)), outputs(12), outputs(3 * K), [meta]
    )
    masks = mask_head.predict(prototypes, found, [meta])
    (panoptic,) = fusion_head.predict(masks, found, logits, [meta])
    return panoptic.sem_seg, len(found[0])


def test_waits_are_seen(monkeypatch):
    mask = torch.tensor([True, False])
    for wait in (
        lambda: int(mask.sum()),
        lambda: mask.nonzero(),
        lambda: mask[mask],
        lambda: bool(mask.any()),
        lambda: mask.tolist(),
        lambda: mask.unique(),
        lambda: torch.arange(2)[mask],
        lambda: mask.new_tensor([1, 2]),
        lambda: torch.tensor(3),
    ):
        with CountWaits(monkeypatch) as waits:
            wait()
        assert waits.count == 1


@pytest.mark.parametrize('count', [0, 1, 30])
def test_overlaps_are_resolved_without_waiting(count, monkeypatch):
    with CountWaits(monkeypatch) as waits:
        resolve_overlaps(random_masks(count), 0.5, torch.device('cpu'))

    assert waits.count == 0


def test_maps_are_merged_without_waiting(heads, monkeypatch):
    fusion_head = heads[-1]
    owner = torch.randint(0, 3, SIZE, dtype=torch.int32)
    stuff = torch.randint(0, S + 1, SIZE).masked_fill(owner > 0, S)
    classes = torch.tensor([1, 2])

    with CountWaits(monkeypatch) as waits:
        fusion_head._merge(owner, classes, stuff)

    assert waits.count == 0


@pytest.mark.parametrize('max_per_img', [1, 10, 100])
def test_at_most_two_waits_an_image(max_per_img, heads, monkeypatch):
    # What a device other than the CPU runs.
    monkeypatch.setattr(semantic, 'sparse_labels', semantic.dense_labels)

    with torch.no_grad(), CountWaits(monkeypatch) as waits:
        _, count = postprocess(heads, max_per_img)

    assert count == max_per_img
    # The number of detections, and the windows of their masks.
    assert waits.count <= 2


def test_the_path_of_a_gpu_gives_the_same_map(heads, monkeypatch):
    sparse, _ = postprocess(heads, 10)
    monkeypatch.setattr(semantic, 'sparse_labels', semantic.dense_labels)

    dense, _ = postprocess(heads, 10)

    assert sparse.ne(dense).float().mean() < 1e-3  # ties
