"""Mask logits, their loss and the masks of detections."""

import math
import threading

from epsnet_mm.functional import BilinearAxis, assemble_instance_masks
from epsnet_mm.models.heads import MaskAssemblyHead

import pytest
import torch
from mmdet.structures.mask import BitmapMasks
from mmengine.structures import InstanceData

K = 2
INPUT = (32, 32)  # four times the prototypes
META = dict(img_shape=INPUT, batch_input_shape=INPUT, ori_shape=(64, 96))


def head(**kwargs):
    return MaskAssemblyHead(
        loss_mask=dict(type='BoxNormalizedMaskLoss', loss_weight=1), **kwargs
    )


def positives(gt_inds, coeffs=None):
    coeffs = torch.zeros(len(gt_inds), K) if coeffs is None else coeffs
    return InstanceData(coeffs=coeffs, gt_inds=torch.tensor(gt_inds, dtype=torch.long))


def test_forward_by_hand():
    prototypes = torch.tensor([[[[1.0]], [[2.0]]], [[[3.0]], [[4.0]]]])

    logits = head()(prototypes, [torch.tensor([[1.0, -1.0]]), torch.zeros(0, K)])

    assert logits[0].tolist() == [[[-1.0]]]
    assert logits[1].shape == (0, 1, 1)


def test_loss_by_hand(make_sample):
    # Zero logits cost ln 2 a pixel. The boxes are 2 x 2 prototype pixels, with
    # their padding 4 x 4, or 3 x 3 in the corner. Object 1 is matched twice.
    samples = [
        make_sample(INPUT, [(0, 0, 0, 8, 8), (0, 12, 12, 20, 20)]),
        make_sample(INPUT, [(0, 12, 12, 20, 20)]),
    ]

    losses = head().loss(
        torch.rand(2, K, 8, 8), [positives([0, 1, 1]), positives([0])], samples
    )

    expected = math.log(2) / 4 * (9 + 3 * 16) / 4
    assert losses['loss_mask'].item() == pytest.approx(expected)


def test_weighted_mean_by_hand(make_sample):
    """As above; object 0, whose crop has 9 pixels, weighs 5 and object 1 one."""
    sample = make_sample(INPUT, [(0, 0, 0, 8, 8), (0, 12, 12, 20, 20)])
    matches = positives([0, 1])
    matches.weights = torch.tensor([5.0, 1.0])

    losses = head().loss(torch.rand(1, K, 8, 8), [matches], [sample])

    expected = math.log(2) / 4 * (5 * 9 + 16) / 6
    assert losses['loss_mask'].item() == pytest.approx(expected)


def test_target_is_the_mask_at_prototype_size(make_sample):
    # A logit of 20 where the object is and -20 elsewhere costs nothing.
    sample = make_sample(INPUT, [(0, 8, 4, 24, 20)])
    prototypes = torch.full((1, K, 8, 8), -20.0)
    prototypes[:, :, 1:5, 2:6] = 20

    losses = head().loss(
        prototypes, [positives([0], torch.tensor([[1.0, 0.0]]))], [sample]
    )

    assert losses['loss_mask'].item() < 1e-6


def test_more_than_half_of_a_prototype_pixel_is_target(make_sample):
    # Of 4 x 4 px the inner 2 x 2 are sampled: three of them make pixel (1, 1) of
    # the target, two don't make pixel (1, 2).
    sample = make_sample(INPUT, [(0, 4, 4, 12, 8)])
    mask = sample.gt_instances.masks.masks[0]
    mask[:] = 0
    mask[[5, 5, 6], [5, 6, 5]] = 1
    mask[5, 9:11] = 1
    prototypes = torch.full((1, K, 8, 8), -20.0)
    prototypes[:, :, 1, 1] = 20

    losses = head().loss(
        prototypes, [positives([0], torch.tensor([[1.0, 0.0]]))], [sample]
    )

    assert losses['loss_mask'].item() < 1e-6


def test_masks_travel_as_bytes(make_sample, monkeypatch):
    made = []

    def to_tensor(masks, dtype, device):
        made.append(dtype)
        return upstream(masks, dtype, device)

    upstream = BitmapMasks.to_tensor
    monkeypatch.setattr(BitmapMasks, 'to_tensor', to_tensor)
    sample = make_sample(INPUT, [(0, 8, 4, 24, 20)])
    head().loss(torch.zeros(1, K, 8, 8), [positives([0])], [sample])

    assert made == [torch.uint8]


def test_box_is_relative_to_the_padded_input(make_sample):
    # Padding to 64 px makes each prototype pixel 8 px: the box is one pixel.
    sample = make_sample((64, 64), [(0, 16, 16, 24, 24)])
    sample.set_metainfo(dict(img_shape=(40, 40)))

    losses = head().loss(torch.rand(1, K, 8, 8), [positives([0])], [sample])

    assert losses['loss_mask'].item() == pytest.approx(9 * math.log(2))


def test_a_cut_is_made_up_for(make_sample):
    sample = make_sample(INPUT, [(0, 12, 12, 20, 20)])
    matches = [positives([0] * 7)]

    full = head().loss(torch.rand(1, K, 8, 8), matches, [sample])['loss_mask']
    cut = head(max_positives=3).loss(torch.rand(1, K, 8, 8), matches, [sample])

    assert cut['loss_mask'].item() == pytest.approx(full.item())


def test_a_cut_chooses_at_random_without_repeats(make_sample):
    sample = make_sample(INPUT, [(0, 12, 12, 20, 20)])

    def chosen():
        """The positives whose coefficients get a gradient."""
        coeffs = torch.zeros(7, K, requires_grad=True)
        losses = head(max_positives=3).loss(
            torch.ones(1, K, 8, 8), [positives([0] * 7, coeffs)], [sample]
        )
        losses['loss_mask'].backward()
        return coeffs.grad.any(dim=1)

    draws = torch.stack([chosen() for _ in range(20)])

    assert draws.sum(dim=1).tolist() == [3] * 20
    assert draws.any(dim=0).all()


@pytest.mark.parametrize('things', [[], [(0, 4, 4, 20, 20)]])
def test_without_positives_zero_with_gradients(make_sample, things):
    prototypes = torch.rand(1, K, 8, 8, requires_grad=True)
    coeffs = torch.rand(5, K, requires_grad=True)

    losses = head().loss(
        prototypes, [positives([], coeffs[:0])], [make_sample(INPUT, things)]
    )
    losses['loss_mask'].backward()

    assert losses['loss_mask'].item() == 0
    assert prototypes.grad.eq(0).all()
    assert coeffs.grad.eq(0).all()


def detections(relative_boxes, size=META['ori_shape']):
    """Two sets of boxes of the same detections, as `EPSNetInstanceHead` gives them."""
    relative = torch.tensor(relative_boxes).view(-1, 4)
    height, width = size
    size = torch.tensor([width, height] * 2, dtype=torch.float32)
    return InstanceData(
        relative_boxes=relative,
        bboxes=torch.minimum((relative * size).clamp(min=0), size),
        coeffs=torch.ones(len(relative), K),
    )


def test_predict_at_original_size():
    prototypes = torch.randn(1, K, 8, 8, generator=torch.Generator().manual_seed(0))
    found = detections([[0.2, 0.3, 0.8, 0.9], [-0.2, 0.5, 0.3, 1.4]])

    (masks,) = head().predict(prototypes, [found], [META])

    expected = assemble_instance_masks(
        prototypes[0],
        found.coeffs,
        found.relative_boxes * 8,
        BilinearAxis(8, 64, 8 / 64, torch.device('cpu')),
        BilinearAxis(8, 96, 8 / 96, torch.device('cpu')),
    )
    assert masks.size == (64, 96)
    assert masks.to_dense().any()
    assert masks.to_dense().equal(expected.to_dense())


def test_predict_at_the_size_of_the_image_in_the_input():
    # The input is 32 px, 24 x 16 px of it image, in 8 prototype pixels.
    prototypes = torch.randn(1, K, 8, 8, generator=torch.Generator().manual_seed(0))
    found = detections([[0.2, 0.3, 0.8, 0.9], [-0.2, 0.5, 0.3, 1.4]], (24, 16))
    meta = dict(img_shape=(24, 16), batch_input_shape=INPUT, ori_shape=(64, 96))

    (masks,) = head().predict(prototypes, [found], [meta], rescale=False)

    expected = assemble_instance_masks(
        prototypes[0],
        found.coeffs,
        found.relative_boxes * 8,
        BilinearAxis(8, 24, 1 / 4, torch.device('cpu')),
        BilinearAxis(8, 16, 1 / 4, torch.device('cpu')),
    )
    assert masks.size == (24, 16)
    assert masks.to_dense().any()
    assert masks.to_dense().equal(expected.to_dense())


def test_a_box_without_a_whole_pixel_has_no_mask():
    # 0.4 px wide within one pixel; then a box that is outside of the image.
    prototypes = torch.full((1, K, 8, 8), 50.0)
    found = detections(
        [
            [30.3 / 96, 0.2, 30.7 / 96, 0.8],
            [-0.2, 0.2, -0.01, 0.8],
            [30.3 / 96, 0.2, 31.7 / 96, 0.8],
        ]
    )

    (masks,) = head().predict(prototypes, [found], [META])

    assert masks.to_dense().flatten(1).any(dim=1).tolist() == [False, False, True]


def test_mask_threshold():
    prototypes = torch.full((1, K, 8, 8), 0.2)  # a probability of 0.6
    found = detections([[0.0, 0.0, 1.0, 1.0]])

    for threshold, inside in ((0.55, True), (0.65, False)):
        (masks,) = head(test_cfg=dict(mask_thr_binary=threshold)).predict(
            prototypes, [found], [META]
        )
        assert masks.to_dense()[0, 32, 48].item() is inside


def test_autocast_does_not_change_masks():
    prototypes = torch.randn(1, K, 8, 8, generator=torch.Generator().manual_seed(0))
    found = detections([[0.2, 0.3, 0.8, 0.9], [-0.2, 0.5, 0.3, 1.4]])
    (expected,) = head().predict(prototypes, [found], [META])

    with torch.autocast('cpu', torch.bfloat16):
        (masks,) = head().predict(prototypes, [found], [META])

    assert masks.to_dense().equal(expected.to_dense())


def test_autocast_stays_in_its_thread():
    """One thread is in single precision, one under autocast, both in `predict`.

    They leave it in the order in which they came, so that state that they shared
    would go from the one to the other.
    """
    assembly, prototypes = head(), torch.rand(1, K, 8, 8)
    first_inside, second_inside, first_left = (threading.Event() for _ in range(3))
    dtypes = {}

    def instances(reached, wait_for):
        reached.set()
        assert wait_for.wait(timeout=60)
        yield detections([])

    def single_precision():
        assembly.predict(prototypes, instances(first_inside, second_inside), [META])
        dtypes['single'] = (torch.ones(2, 2) @ torch.ones(2, 2)).dtype
        first_left.set()

    def mixed_precision():
        assert first_inside.wait(timeout=60)
        with torch.autocast('cpu', torch.bfloat16):
            assembly.predict(prototypes, instances(second_inside, first_left), [META])
            dtypes['mixed'] = (torch.ones(2, 2) @ torch.ones(2, 2)).dtype

    threads = [threading.Thread(target=x) for x in (single_precision, mixed_precision)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert dtypes == dict(single=torch.float32, mixed=torch.bfloat16)


def test_predict_without_detections():
    (masks,) = head().predict(torch.rand(1, K, 8, 8), [detections([])], [META])

    assert masks.to_dense().shape == (0, 64, 96)
