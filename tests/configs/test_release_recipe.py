"""The released networks' recipes, written once more as loops, against the configs."""

from dataclasses import dataclass

import epsnet_mm  # noqa: F401  (registers what the configs name)

import numpy as np
import pytest
import torch
from mmdet.registry import TASK_UTILS, TRANSFORMS
from mmengine.optim import OptimWrapper
from mmengine.registry import PARAM_SCHEDULERS, DefaultScope

from .conftest import COCO_LEAVES, read


@dataclass
class Recipe:
    """How a released network was trained; sizes in pixels, steps in iterations."""

    size: int
    steps: tuple[int, ...]
    end: int
    square_anchors: bool
    masks: int = 100


R101_STEPS = (1_120_000, 2_400_000, 2_800_000, 3_000_000)
R50_STEPS = (800_000, 1_900_000, 2_200_000, 2_400_000)
RECIPES = {
    'epsnet_r101_fpn_official-weights_coco': Recipe(550, R101_STEPS, 3_200_000, False),
    'epsnet_r50_fpn_official-weights_coco': Recipe(550, R50_STEPS, 2_600_000, True),
    'epsnet_r101_fpn_650px_coco': Recipe(650, R101_STEPS, 3_200_000, True, masks=300),
}


@pytest.fixture(params=RECIPES)
def name(request):
    return request.param


@pytest.fixture
def recipe(name):
    return RECIPES[name]


@pytest.fixture
def cfg(name):
    return read(name)


def slow_anchors(recipe):
    """(A, 4) as center x, y, width, height in pixels, one anchor after the other."""
    anchors = []
    cells = recipe.size
    for _ in range(3):
        cells = -(-cells // 2)  # P3
    for scale in (24, 48, 96, 192, 384):
        scale = int(scale / 550 * recipe.size)
        for row in range(cells):
            for column in range(cells):
                x = (column + 0.5) / cells * recipe.size
                y = (row + 0.5) / cells * recipe.size
                for ratio in (1, 1 / 2, 2):
                    width, height = scale * ratio**0.5, scale / ratio**0.5
                    if recipe.square_anchors:
                        height = width
                    anchors.append((x, y, width, height))
        cells = -(-cells // 2)
    return torch.tensor(anchors)


def test_anchors(cfg, recipe):
    generator = TASK_UTILS.build(cfg.model.bbox_head.anchor_generator)
    cells = [-(-recipe.size // stride) for stride in (8, 16, 32, 64, 128)]

    boxes = generator.image_priors(
        [(n, n) for n in cells], (recipe.size, recipe.size), 'cpu'
    )

    first, last = boxes[:, :2], boxes[:, 2:]
    found = torch.cat([(first + last) / 2, last - first], dim=1)
    torch.testing.assert_close(found, slow_anchors(recipe), rtol=1e-5, atol=1e-3)


class Rates:
    """Learning rates of a config's schedulers."""

    def __init__(self, cfg):
        self.optimizer = torch.optim.SGD(
            [torch.zeros(1, requires_grad=True)], lr=cfg.optim_wrapper.optimizer.lr
        )
        wrapper = OptimWrapper(self.optimizer)
        with wrapper.optim_context(torch.nn.Identity()):
            wrapper.update_params(torch.zeros(1, requires_grad=True).sum())
        self.schedulers = [
            PARAM_SCHEDULERS.build(x, default_args=dict(optimizer=wrapper))
            for x in cfg.param_scheduler
        ]
        self.iteration = 0

    def at(self, iteration):
        """The rate of this iteration; between the steps time is skipped."""
        while self.iteration < iteration:
            self.iteration += 1
            if self.iteration > 1000 and iteration - self.iteration > 10:
                self.iteration = iteration - 10
                for scheduler in self.schedulers:
                    scheduler.last_step = self.iteration - 1
            for scheduler in self.schedulers:
                scheduler.step()
        return self.optimizer.param_groups[0]['lr']


def slow_rate(recipe, iteration):
    rate = 1e-3
    if iteration < 500:
        rate = 1e-4 + (1e-3 - 1e-4) * iteration / 499
    for step in recipe.steps:
        if iteration >= step:
            rate /= 10
    return rate


def test_learning_rate(cfg, recipe):
    rates = Rates(cfg)
    around = [step + i for step in recipe.steps for i in (-1, 0, 1)]

    for iteration in [0, 1, 100, 499, 500, *around, recipe.end - 1]:
        assert rates.at(iteration) == pytest.approx(slow_rate(recipe, iteration))
    assert cfg.train_cfg.max_iters == recipe.end


def test_size_of_training_images(cfg, recipe):
    """Squares of one to one and a half times the input."""
    np.random.seed(0)
    (resize,) = (x for x in cfg.train_pipeline if x.type == 'RandomResize')
    with DefaultScope.overwrite_default_scope('mmdet'):
        resize = TRANSFORMS.build(resize)
    image = np.zeros((6, 8, 3), np.float32)

    shapes = [resize(dict(img=image))['img'].shape for _ in range(300)]

    assert all(height == width for height, width, _ in shapes)
    sizes = [height for height, _, _ in shapes]
    assert recipe.size <= min(sizes) < recipe.size * 1.01
    assert recipe.size * 1.49 < max(sizes) <= recipe.size * 1.5


def test_masks_per_image(cfg, recipe):
    assert cfg.model.mask_head.max_positives == recipe.masks


@pytest.mark.parametrize('depth', [50, 101])
def test_trained_from_scratch_as_the_official_weights_were(depth):
    """The plain configs have the schedules of the figures that are quoted for them."""
    ours = read(f'epsnet_r{depth}_fpn_coco')
    official = read(f'epsnet_r{depth}_fpn_official-weights_coco')

    for key in ('train_cfg', 'param_scheduler', 'optim_wrapper', 'train_dataloader'):
        assert ours[key] == official[key]


@pytest.mark.parametrize('name', COCO_LEAVES)
def test_imagenet_weights_are_of_the_backbone(name):
    backbone = read(name).model.backbone

    assert backbone.init_cfg.checkpoint == f'torchvision://resnet{backbone.depth}'
