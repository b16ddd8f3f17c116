"""Every leaf config builds, trains one step and predicts."""

from epsnet_mm.environment.mmcv_ops import has_mmcv_ops
from tests.requirements import needs_no_gpu

import pytest
import torch
from mmdet.evaluation import INSTANCE_OFFSET
from mmdet.registry import MODELS
from mmengine.optim import build_optim_wrapper

from .conftest import LEAVES, load, load_thin

# The smallest input whose P7 has 3 x 3 pixels.
SMALL = (257, 257)


def optim_wrapper_of(cfg, model):
    """The config's own, or for mixed precision the one that a CPU can run."""
    if cfg.optim_wrapper.type == 'FiniteAmpOptimWrapper':
        cfg.optim_wrapper.type = 'FiniteCpuAmpOptimWrapper'
    return build_optim_wrapper(model, cfg.optim_wrapper)


def run_one_step_of_each(cfg, size, make_batch):
    """Train and test; returns the losses and the panoptic map.

    Asserts on the way that the step reached every part that can be trained.
    """
    torch.manual_seed(0)
    model = MODELS.build(cfg.model)
    model.init_weights()
    num_things = cfg.model.num_things_classes
    wrapper = optim_wrapper_of(cfg, model)
    before = {name: value.clone() for name, value in model.named_parameters()}

    losses = model.train().train_step(make_batch(size, num_things), wrapper)

    moved = {
        name.partition('.')[0]
        for name, value in model.named_parameters()
        if not value.equal(before[name])
    }
    assert moved == {
        name
        for name, part in model.named_children()
        if any(x.requires_grad for x in part.parameters())
    }
    with torch.no_grad():
        (sample,) = model.eval().test_step(make_batch(size, num_things))
    return losses, sample.pred_panoptic_seg.sem_seg


def check_results(cfg, size, losses, panoptic):
    assert {'loss_cls', 'loss_bbox', 'loss_mask', 'loss_semantic'} < set(losses)
    assert all(loss.isfinite() and loss > 0 for loss in losses.values())
    assert panoptic.shape == (1, size[0] * 3 // 4, size[1])
    labels = panoptic % INSTANCE_OFFSET
    assert labels.min() >= 0
    assert labels.max() <= cfg.model.num_things_classes + cfg.model.num_stuff_classes


def missing_op(cfg):
    """What this config needs of mmcv's compiled ops, where there are none."""
    if 'dcn' in cfg.model.backbone and not has_mmcv_ops():
        return 'modulated_deform_conv_forward'
    return None


@pytest.mark.parametrize('name', LEAVES)
def test_one_train_and_one_test_step(name, make_batch):
    cfg = load_thin(name)
    if op := missing_op(cfg):
        with pytest.raises(RuntimeError, match=f'`{op}` cannot run: run `make ops`'):
            run_one_step_of_each(cfg, SMALL, make_batch)
        return

    losses, panoptic = run_one_step_of_each(cfg, SMALL, make_batch)

    check_results(cfg, SMALL, losses, panoptic)


@pytest.mark.slow
def test_the_full_network_at_its_own_size(make_batch):
    """ResNet-101 at 550 x 550, but for the ImageNet weights."""
    cfg = load('epsnet_r101_fpn_coco')

    losses, panoptic = run_one_step_of_each(cfg, (550, 550), make_batch)

    check_results(cfg, (550, 550), losses, panoptic)


@needs_no_gpu
def test_mixed_precision_says_that_it_needs_a_gpu():
    cfg = load_thin('epsnet_r101_fpn_amp_coco')

    with pytest.raises(ValueError, match='needs a GPU'):
        build_optim_wrapper(torch.nn.Linear(1, 1), cfg.optim_wrapper)
