"""Post-processing hardly waits for the device, whatever it finds.

A GPU runs behind the host until the host asks for a value (the number of true
elements, a size, an item) or sends one that a tensor is made of. The operations that
do so can be seen on a CPU too.
"""

from epsnet_mm.functional import InstanceMasks, resolve_overlaps

import pytest
import torch
from mmdet.registry import MODELS
from mmengine.config import ConfigDict
from mmengine.structures import InstanceData
from torch.overrides import TorchFunctionMode
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


class CountWaits:
    """A context that counts what makes the host wait.

    `Tensor.tolist` waits once for all its items: it is one transfer, although it
    reads them one by one.
    """

    def __init__(self):
        self.count, self._listing = 0, False
        self._modes = (self._Functions(self), self._Operations(self))

    def __enter__(self):
        for mode in self._modes:
            mode.__enter__()
        return self

    def __exit__(self, *error):
        for mode in reversed(self._modes):
            mode.__exit__(*error)

    class _Functions(TorchFunctionMode):
        """Sees calls of methods."""

        def __init__(self, waits):
            super().__init__()
            self.waits = waits

        def __torch_function__(self, func, types, args=(), kwargs=None):
            if func is not torch.Tensor.tolist:
                return func(*args, **(kwargs or {}))
            self.waits.count += 1
            self.waits._listing = True
            try:
                return func(*args, **(kwargs or {}))
            finally:
                self.waits._listing = False

    class _Operations(TorchDispatchMode):
        """Sees the operations that they consist of."""

        def __init__(self, waits):
            super().__init__()
            self.waits = waits

        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            # Indexing by a boolean mask asks for the number of its true elements.
            by_mask = func.overloadpacket is torch.ops.aten.index and any(
                x is not None and x.dtype == torch.bool for x in args[1]
            )
            waiting = func.overloadpacket in WAITING or by_mask
            if waiting and not self.waits._listing:
                self.waits.count += 1
            return func(*args, **(kwargs or {}))


def random_masks(count):
    generator = torch.Generator().manual_seed(0)
    return InstanceMasks(
        [(5, 5, 45, 35)] * count,
        [torch.rand(30, 40, generator=generator) > 0.5 for _ in range(count)],
        SIZE,
    )


def fusion_head(label_map):
    return MODELS.build(
        dict(
            type='EPSNetFusionHead',
            num_things_classes=T,
            num_stuff_classes=S,
            label_map=label_map,
            test_cfg=ConfigDict(mask_overlap=0.5, stuff_area_limit=16),
        )
    )


def heads(label_map):
    """Instance, mask and fusion head, with fast NMS."""
    bbox_head = MODELS.build(
        dict(
            type='EPSNetInstanceHead',
            num_classes=T,
            num_prototypes=K,
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
    mask_head = MODELS.build(dict(type='MaskAssemblyHead'))
    return bbox_head, mask_head, fusion_head(label_map)


def postprocess(parts, max_per_img):
    """Network outputs to panoptic map; returns it and the number of detections."""
    bbox_head, mask_head, fusion = parts
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
    (panoptic,) = fusion.predict(masks, found, logits, [meta])
    return panoptic.sem_seg, len(found[0])


def test_waits_are_seen():
    mask = torch.tensor([True, False])
    for wait in (
        lambda: int(mask.sum()),
        lambda: mask.nonzero(),
        lambda: mask[mask],
        lambda: bool(mask.any()),
        lambda: mask.tolist(),
        lambda: torch.zeros(2, 3).tolist(),
        lambda: mask.unique(),
        lambda: torch.arange(2)[mask],
        lambda: mask.new_tensor([1, 2]),
        lambda: torch.tensor(3),
    ):
        with CountWaits() as waits:
            wait()
        assert waits.count == 1


@pytest.mark.parametrize('count', [0, 1, 30])
def test_overlaps_are_resolved_without_waiting(count):
    with CountWaits() as waits:
        resolve_overlaps(random_masks(count), 0.5, torch.device('cpu'))

    assert waits.count == 0


@pytest.mark.parametrize('count', [0, 1, 30])
def test_dense_maps_are_fused_without_waiting(count):
    head = fusion_head('dense')
    labels = torch.arange(count) % T
    logits = torch.randn(1, S + 1, PROTOTYPES, PROTOTYPES)
    meta = dict(ori_shape=SIZE, img_shape=(96, 96), batch_input_shape=(96, 96))

    with CountWaits() as waits:
        head.predict(
            [random_masks(count)], [InstanceData(labels=labels)], logits, [meta]
        )

    assert waits.count == 0


@pytest.mark.parametrize('max_per_img', [1, 10, 100])
def test_at_most_two_waits_an_image(max_per_img):
    parts = heads(label_map='dense')

    with torch.no_grad(), CountWaits() as waits:
        _, count = postprocess(parts, max_per_img)

    assert count == max_per_img
    # The number of detections, and the windows of their masks.
    assert waits.count <= 2


def test_the_path_of_a_gpu_gives_the_same_map():
    torch.manual_seed(0)
    sparse, _ = postprocess(heads('sparse'), 10)
    torch.manual_seed(0)
    dense, _ = postprocess(heads('dense'), 10)

    assert sparse.equal(dense)
