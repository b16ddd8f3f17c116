"""Views of an image are merged before fusion."""

from pathlib import Path

from epsnet_mm.functional import InstanceMasks

import numpy as np
import pytest
import torch
from mmdet.evaluation import INSTANCE_OFFSET
from mmdet.registry import MODELS, TRANSFORMS
from mmdet.structures import DetDataSample
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmengine.structures import InstanceData

CONFIGS = Path(__file__).parents[3] / 'configs/_base_'
T, S = 2, 2
VOID = T + S
HEIGHT, WIDTH = 4, 8


@pytest.fixture(scope='module')
def model():
    """A real network with random weights for images of 64 px, T + S classes."""
    init_default_scope('mmdet')  # as the runner does
    torch.manual_seed(0)
    cfg = Config.fromfile(CONFIGS / 'models/epsnet_r18_fpn.py').model
    cfg.update(num_things_classes=T, num_stuff_classes=S)
    # Random weights give low scores: let some detections through.
    cfg.test_cfg.bbox_head.update(score_thr=0.36, max_per_img=20)
    cfg.test_cfg.panoptic.stuff_area_limit = 1
    tta_model = MODELS.build(dict(type='EPSNetTTAModel', module=cfg)).eval()
    tta_model.module.init_weights()
    return tta_model


def sample(ori_shape=(48, 60), **meta):
    return DetDataSample(metainfo=dict(ori_shape=ori_shape, img_shape=(64, 64), **meta))


def pixels(count, size=(64, 64)):
    generator = torch.Generator().manual_seed(1)
    return list(torch.randint(0, 256, (count, 3, *size), generator=generator).byte())


def panoptic(samples):
    return [x.pred_panoptic_seg.sem_seg[0] for x in samples]


@torch.no_grad()
def test_one_view_is_the_plain_prediction(model):
    images = pixels(2)
    plain = model.module.test_step(
        dict(inputs=images, data_samples=[sample(), sample()])
    )

    found = model.test_step(dict(inputs=[images], data_samples=[[sample(), sample()]]))

    for expected, result in zip(plain, found, strict=True):
        assert len(expected.pred_instances) > 0
        assert panoptic([result])[0].equal(panoptic([expected])[0])
        for key in ('bboxes', 'scores', 'labels'):
            assert result.pred_instances[key].equal(expected.pred_instances[key])


@torch.no_grad()
def test_the_same_view_twice_changes_nothing(model):
    image = pixels(1)
    plain = model.module.test_step(dict(inputs=image, data_samples=[sample()]))

    found = model.test_step(dict(inputs=[image] * 2, data_samples=[[sample()]] * 2))

    assert panoptic(found)[0].equal(panoptic(plain)[0])
    assert len(found[0].pred_instances) == len(plain[0].pred_instances)


@torch.no_grad()
def test_what_a_flipped_view_shows_is_flipped_back(model):
    """The same pixels, once called flipped: the result is the mirror image."""
    image = pixels(1)
    flipped = sample(flip=True, flip_direction='horizontal')
    plain = model.module.test_step(dict(inputs=image, data_samples=[sample()]))

    found = model.test_step(dict(inputs=[image], data_samples=[[flipped]]))

    mirrored = panoptic(plain)[0].flip(-1)
    assert (panoptic(found)[0] == mirrored).float().mean() > 0.999
    x1, y1, x2, y2 = plain[0].pred_instances.bboxes.T
    boxes = torch.stack([60 - x2, y1, 60 - x1, y2], dim=1)
    assert torch.allclose(found[0].pred_instances.bboxes, boxes)
    relative = found[0].pred_instances.relative_boxes.clamp(0, 1)
    assert torch.allclose(relative * torch.tensor([60, 48, 60, 48]), boxes, atol=1e-3)


@torch.no_grad()
def test_views_of_several_sizes(model):
    views = [pixels(1, (size, size)) for size in (64, 96, 64)]
    samples = [
        [
            DetDataSample(
                metainfo=dict(
                    ori_shape=(48, 60),
                    img_shape=view[0].shape[1:],
                    flip=i == 2,
                    flip_direction='horizontal' if i == 2 else None,
                )
            )
        ]
        for i, view in enumerate(views)
    ]

    (found,) = model.test_step(dict(inputs=views, data_samples=samples))

    assert panoptic([found])[0].shape == (48, 60)
    assert found.pred_instances.scores.diff().le(0).all()
    assert len(found.pred_instances) <= 20


def test_other_flips_are_refused(model):
    flipped = sample(flip=True, flip_direction='vertical')

    with pytest.raises(ValueError, match='cannot undo a vertical flip'):
        model.test_step(dict(inputs=[pixels(1)], data_samples=[[flipped]]))


def test_padded_views_are_refused(model):
    """Images of two sizes in a batch: the smaller one is padded."""
    images = pixels(1) + pixels(1, (64, 40))
    small = DetDataSample(metainfo=dict(ori_shape=(64, 40), img_shape=(64, 40)))

    with pytest.raises(ValueError, match=r'\(64, 40\) was padded to \(64, 64\): use'):
        model.test_step(dict(inputs=[images], data_samples=[[sample(), small]]))


def view(objects, logits, flip=False):
    """What the network found: objects (label, score, x1, y1, x2, y2), S + 1 logits.

    Masks fill their boxes; the logits are the same everywhere.
    """
    boxes = torch.tensor([x[2:] for x in objects]).view(-1, 4)
    masks = [
        torch.ones(y2 - y1, x2 - x1, dtype=torch.bool)
        for x1, y1, x2, y2 in boxes.tolist()
    ]
    instances = InstanceData(
        labels=torch.tensor([x[0] for x in objects], dtype=torch.long),
        scores=torch.tensor([x[1] for x in objects], dtype=torch.float32),
        bboxes=boxes.float(),
        relative_boxes=boxes / torch.tensor([WIDTH, HEIGHT, WIDTH, HEIGHT]),
    )
    masks = InstanceMasks([tuple(x) for x in boxes.tolist()], masks, (HEIGHT, WIDTH))
    logits = torch.tensor(logits, dtype=torch.float32)[:, None, None].expand(-1, 2, 4)
    return instances, masks, logits, flip


@pytest.fixture
def merge(model, monkeypatch):
    """`merge(*views)`: the sample after merging views that `view` describes."""

    def run(*views):
        queue = iter(views)

        def next_view(inputs, samples):
            instances, masks, logits, _ = next(queue)
            return [instances], [masks], logits[None]

        monkeypatch.setattr(model.module, 'predict_parts', next_view)
        samples = [
            [
                DetDataSample(
                    metainfo=dict(
                        ori_shape=(HEIGHT, WIDTH),
                        img_shape=(64, 64),
                        flip=flip,
                        flip_direction='horizontal' if flip else None,
                    )
                )
            ]
            for *_, flip in views
        ]
        (result,) = model.test_step(
            dict(inputs=[pixels(1)] * len(views), data_samples=samples)
        )
        return result

    return run


STUFF = (5.0, 0.0, 0.0)


def test_duplicates_across_views_are_suppressed(merge):
    """The second view is flipped: x1, x2 = 5, 8 there is 0, 3 here."""
    result = merge(
        view([(0, 0.8, 0, 0, 3, 2)], STUFF),
        view([(0, 0.9, 5, 0, 8, 2), (1, 0.7, 5, 0, 8, 2)], STUFF, flip=True),
    )

    # The better one of label 0 stays; label 1 is no duplicate of it, but finds
    # its pixels taken.
    assert result.pred_instances.labels.tolist() == [0, 1]
    assert result.pred_instances.scores.tolist() == pytest.approx([0.9, 0.7])
    assert result.pred_instances.bboxes.tolist() == [[0, 0, 3, 2]] * 2
    expected = torch.full((HEIGHT, WIDTH), T)
    expected[:2, :3] = INSTANCE_OFFSET
    assert panoptic([result])[0].tolist() == expected.tolist()


def test_views_add_up_in_order_of_score(merge):
    """An object on the left of each view; the second view is flipped."""
    result = merge(
        view([(1, 0.5, 0, 0, 4, 4)], STUFF),
        view([(0, 0.6, 0, 0, 4, 4)], STUFF, flip=True),
    )

    assert result.pred_instances.labels.tolist() == [0, 1]
    row = [1 + 2 * INSTANCE_OFFSET] * 4 + [INSTANCE_OFFSET] * 4
    assert panoptic([result])[0].tolist() == [row] * HEIGHT


def test_no_more_than_max_per_img(merge, model, monkeypatch):
    monkeypatch.setitem(model.module.bbox_head.test_cfg, 'max_per_img', 2)

    result = merge(
        view([(0, 0.9, 0, 0, 2, 2), (0, 0.5, 2, 0, 4, 2)], STUFF),
        view([(0, 0.7, 4, 0, 6, 2)], STUFF),
    )

    assert result.pred_instances.scores.tolist() == pytest.approx([0.9, 0.7])


@pytest.mark.parametrize(
    ('first', 'second', 'label'),
    [
        ((3.0, 0.0, 0.0), (0.0, 1.0, 0.0), T),  # mean 1.5, 0.5, 0
        ((1.0, 0.0, 0.0), (0.0, 3.0, 0.0), T + 1),  # mean 0.5, 1.5, 0
        ((3.0, 0.0, 0.0), (0.0, 0.0, 4.0), VOID),  # "other" without an instance
    ],
)
def test_logits_are_averaged(merge, first, second, label):
    result = merge(view([], first), view([], second))

    assert len(result.pred_instances) == 0
    assert panoptic([result])[0].unique().tolist() == [label]


def test_flipped_logits_are_flipped_back(merge):
    """The flipped view sees class 0 on its left, which is right."""
    plain, flipped = view([], (0.0, 0.0, 0.0)), view([], (0.0, 0.0, 0.0), flip=True)
    sides = torch.zeros(S + 1, 2, 4)
    sides[0, :, :2], sides[1, :, 2:] = 9, 9

    result = merge(plain, (*flipped[:2], sides, True))

    found = panoptic([result])[0]
    assert (found[:, 0] == T + 1).all()
    assert (found[:, -1] == T).all()


def test_logits_of_several_sizes(merge):
    """The smaller one is enlarged."""
    small, large = view([], (2.0, 0.0, 0.0)), view([], (0.0, 1.0, 0.0))

    result = merge(small, (*large[:2], torch.zeros(S + 1, 4, 8), False))

    assert panoptic([result])[0].unique().tolist() == [T]


def test_pipeline_of_the_configs():
    """Three sizes, each plain and flipped; the plain one of 550 px first."""
    init_default_scope('mmdet')
    cfg = Config.fromfile(CONFIGS / 'datasets/coco_panoptic_tta.py')
    load, augment = cfg.tta_pipeline
    image = np.random.RandomState(0).randint(0, 256, (40, 60, 3)).astype(np.float32)

    views = TRANSFORMS.build(augment)(
        dict(img=image, img_shape=(40, 60), ori_shape=(40, 60), img_id=1, img_path='')
    )

    assert load.to_float32  # as in the pipelines without augmentation
    samples = views['data_samples']
    assert [(x.img_shape[0], x.img_shape[1], x.flip) for x in samples] == [
        (size, size, flip) for size in (550, 450, 650) for flip in (False, True)
    ]
    assert {x.ori_shape for x in samples} == {(40, 60)}
    first, second = views['inputs'][:2]
    assert first.flip(-1).equal(second)
