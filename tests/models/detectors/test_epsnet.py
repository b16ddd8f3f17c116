"""The wired network: training, prediction and raw outputs."""

import pytest
import torch
from mmdet.evaluation import INSTANCE_OFFSET
from mmdet.registry import MODELS

from .conftest import SIZE, S, T, images, shallow_config

GROUND_TRUTH = {
    'things and stuff': dict(things=[(0, 20, 30, 90, 100), (3, 5, 5, 40, 60)], stuff=T),
    'one thing': dict(things=[(1, 20, 30, 90, 100)], stuff=T + 1),
    'no things': dict(stuff=T + 2),
    'only crowds': dict(crowds=[(2, 20, 30, 90, 100)], stuff=T),
    'no labelled stuff': dict(things=[(0, 20, 30, 90, 100)]),
    'nothing at all': dict(),
}


@pytest.fixture
def model(small_model):
    small_model.zero_grad()
    return small_model.train()


def assert_finite_gradients(model):
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            assert parameter.grad is not None, f'{name} is not connected'
            assert parameter.grad.isfinite().all(), name


def assert_panoptic(sample, num_things, num_stuff, size):
    """Labels in range, things numbered from 1, stuff and void not numbered."""
    panoptic = sample.pred_panoptic_seg.sem_seg
    assert panoptic.shape == (1, *size)
    for value in panoptic.unique().tolist():
        number, label = divmod(value, INSTANCE_OFFSET)
        assert 0 <= label <= num_things + num_stuff
        assert (number > 0) == (label < num_things)
        if number:
            assert sample.pred_instances.labels[number - 1] == label


@pytest.mark.parametrize('case', GROUND_TRUTH)
def test_losses_are_finite_and_connected(model, make_sample, case):
    """On every image: else DDP waits for a gradient that never comes."""
    samples = [make_sample(SIZE, **GROUND_TRUTH[case])] * 2

    losses = model.loss(images(), samples)
    sum(losses.values()).backward()

    assert set(losses) == {'loss_cls', 'loss_bbox', 'loss_mask', 'loss_semantic'}
    trained = {name for name, loss in losses.items() if loss > 0}
    truth = GROUND_TRUTH[case]
    expected = {'loss_cls', 'loss_bbox', 'loss_mask'} if truth.get('things') else set()
    if truth:  # crowds and things are "other" to the semantic head
        expected.add('loss_semantic')
    assert trained == expected
    assert_finite_gradients(model)


def test_all_losses_add_up_over_different_images(model, make_sample):
    samples = [
        make_sample(SIZE, **GROUND_TRUTH[x]) for x in ('things and stuff', 'no things')
    ]

    losses = model(images(), samples, mode='loss')
    sum(losses.values()).backward()

    assert all(x.ndim == 0 and x > 0 for x in losses.values())
    assert_finite_gradients(model)


@torch.no_grad()
def test_images_of_different_original_size(model, make_sample):
    sizes = [(120, 200), (333, 77)]
    samples = [make_sample(SIZE, ori_shape=size) for size in sizes]

    found = model.eval()(images(), samples, mode='predict')

    for sample, (height, width) in zip(found, sizes, strict=True):
        assert_panoptic(sample, T, S, (height, width))
        instances = sample.pred_instances
        assert len(instances) > 0
        assert instances.scores.diff().le(0).all()
        assert instances.bboxes.min() >= 0
        assert instances.bboxes[:, 2].max() <= width
        assert instances.bboxes[:, 3].max() <= height


@torch.no_grad()
def test_results_for_the_image_in_the_input(model, make_sample):
    """`rescale=False`: those of an original that has the size of the image there."""
    sizes = [(160, 128), (150, 160)]

    def samples(ori_shapes):
        batch = [make_sample(SIZE, ori_shape=x) for x in ori_shapes]
        for sample, size in zip(batch, sizes, strict=True):
            sample.set_metainfo(dict(img_shape=size))
        return batch

    originals = samples([(333, 77), (40, 500)])
    found = model.eval().predict(images(), originals, rescale=False)

    expected = model.predict(images(), samples(sizes))
    for sample, other, size in zip(found, expected, sizes, strict=True):
        assert_panoptic(sample, T, S, size)
        assert len(sample.pred_instances) > 0
        assert sample.pred_instances.bboxes.equal(other.pred_instances.bboxes)
        panoptic = other.pred_panoptic_seg.sem_seg
        assert sample.pred_panoptic_seg.sem_seg.equal(panoptic)


@torch.no_grad()
def test_boxes_fit_the_map_in_either_size(model, make_sample):
    """Every segment lies in its box, but for the padding of the crop."""
    for rescale, size in ((True, (333, 477)), (False, SIZE)):
        sample = make_sample(SIZE, ori_shape=(333, 477))
        (found,) = model.eval().predict(images(1), [sample], rescale=rescale)
        panoptic = found.pred_panoptic_seg.sem_seg[0]
        assert panoptic.shape == size
        # Two prototype pixels, of a quarter of the input's size.
        slack = 2 * 4 * max(size) / SIZE[0]
        owner = panoptic // INSTANCE_OFFSET
        assert owner.any()
        for number in owner[owner > 0].unique().tolist():
            y, x = (owner == number).nonzero().T
            x1, y1, x2, y2 = found.pred_instances.bboxes[number - 1].tolist()
            assert x1 - slack <= x.min() <= x.max() <= x2 + slack
            assert y1 - slack <= y.min() <= y.max() <= y2 + slack


@torch.no_grad()
def test_an_image_does_not_depend_on_its_batch(model, make_sample):
    model.eval()
    both = model.predict(images(), [make_sample(SIZE), make_sample(SIZE)])

    alone = model.predict(images()[1:], [make_sample(SIZE)])

    differing = alone[0].pred_panoptic_seg.sem_seg != both[1].pred_panoptic_seg.sem_seg
    assert differing.float().mean() < 1e-3


@torch.no_grad()
def test_tensor_mode_gives_raw_outputs(model):
    scores, boxes, coeffs, prototypes, logits = model(images(), mode='tensor')

    sizes = [20, 10, 5, 3, 2]
    assert [x.shape for x in scores] == [(2, 3 * (T + 1), x, x) for x in sizes]
    assert [x.shape for x in boxes] == [(2, 3 * 4, x, x) for x in sizes]
    assert [x.shape for x in coeffs] == [(2, 3 * 32, x, x) for x in sizes]
    assert prototypes.shape == (2, 32, 40, 40)
    assert logits.shape == (2, S + 1, 40, 40)


def test_preprocessing_to_loss_and_prediction(model, make_sample):
    """`train_step` and `test_step`: uint8 images of different sizes, padded."""
    sizes = [(160, 128), (150, 160)]
    pixels = [torch.randint(0, 256, (3, *x), dtype=torch.uint8) for x in sizes]
    truth = GROUND_TRUTH['one thing']

    def batch():
        return dict(
            inputs=pixels,
            data_samples=[make_sample(x, ori_shape=(90, 110), **truth) for x in sizes],
        )

    data = model.data_preprocessor(batch(), training=True)
    losses = model(**data, mode='loss')
    found = model.eval().test_step(batch())

    assert data['inputs'].shape == (2, 3, 160, 160)
    assert sum(losses.values()).isfinite()
    for sample in found:
        assert_panoptic(sample, T, S, (90, 110))


def test_a_small_image_without_padding_is_refused(make_sample):
    model = MODELS.build(shallow_config(T, S)).eval()

    with pytest.raises(ValueError, match='larger images'):
        model.predict(images(1), [make_sample(SIZE)])


@torch.no_grad()
def test_greedy_nms_keeps_at_least_what_fast_nms_keeps(model, make_sample, monkeypatch):
    model.eval()
    (fast,) = model.predict(images(1), [make_sample(SIZE)])
    monkeypatch.setattr(
        model.bbox_head.test_cfg, 'nms', dict(type='nms', iou_threshold=0.5)
    )

    (greedy,) = model.predict(images(1), [make_sample(SIZE)])

    assert len(greedy.pred_instances) >= len(fast.pred_instances) > 0
    assert_panoptic(greedy, T, S, SIZE)


def test_coco_classes_at_the_paper_size(make_sample):
    """Train and predict once with all 133 classes at 550 x 550."""
    torch.manual_seed(0)
    cfg = shallow_config(80, 53)
    cfg.test_cfg.bbox_head.score_thr = 0.02
    model, size = MODELS.build(cfg), (550, 550)
    model.init_weights()
    sample = make_sample(
        size,
        things=[(79, 30, 40, 300, 500)],
        crowds=[(0, 310, 0, 550, 200)],
        stuff=132,
        ori_shape=(480, 640),
    )

    losses = model.loss(images(1, size), [sample])
    sum(losses.values()).backward()
    with torch.no_grad():
        model.eval().predict(images(1, size), [sample])

    assert_finite_gradients(model)
    assert_panoptic(sample, 80, 53, (480, 640))
