"""Every documented option passes, and every misspelt one is refused."""

import re

import epsnet_mm  # noqa: F401  (registers what the configs name)
from epsnet_mm.engine.runner_config import load_config

import pytest
from mmengine.config import DictAction

SHAPES = 'epsnet/epsnet_r18_fpn_shapes.py'
CAMVID = 'epsnet/epsnet_r18_fpn_camvid.py'
COCO = 'epsnet/epsnet_r101_fpn_coco.py'
BASELINE = 'panoptic_fpn/panoptic-fpn_r18_fpn_camvid.py'
FACADES = 'epsnet/epsnet-plus_lite0_fpn_facades.py'
NMS = 'model.test_cfg.bbox_head.nms'


@pytest.fixture
def override(repo_root):
    """`override(config, 'a.b=1 c=2')`: the config with these options."""

    def _override(config, options):
        pairs = (option.split('=', 1) for option in options.split())
        values = {key: DictAction._parse_iterable(text) for key, text in pairs}
        return load_config(str(repo_root / 'configs' / config), values)

    return _override


def documented_options(repo_root) -> set[str]:
    """What follows `--cfg-options` in the Markdown files."""
    files = [*repo_root.glob('*.md'), *repo_root.glob('docs/*.md')]
    files += repo_root.glob('configs/*/*.md')
    found = set()
    for file in files:
        text = file.read_text(encoding='utf-8').replace('\\\n', ' ')
        for line in re.findall('--cfg-options([^`\n]+)', text):
            found |= set(re.findall(r'[$\w.]+=[^\s|)]+', line))
    return found


def test_documented_options_pass(repo_root, override):
    configs = (SHAPES, COCO, BASELINE, FACADES)
    documented = documented_options(repo_root)
    assert len(documented) > 15
    for option in documented:
        problems = []
        # Shell variables: a seed, and the dataset of a training or a test.
        option = option.replace('=$', '=0').replace('$data', 'test_dataloader.dataset')
        for config in configs:
            try:
                override(config, option)
            except ValueError as error:
                problems.append(error)
        assert len(problems) < len(configs), problems


@pytest.mark.parametrize(
    ('config', 'options'),
    [
        (COCO, f'{NMS}.type=fast_nms {NMS}.top_k=200'),
        (COCO, 'train_cfg.max_iters=10 val_cfg=None val_dataloader=None'),
        (COCO, 'model.backbone.init_cfg=None model.backbone.base_channels=16'),
        (COCO, 'model.backbone.dcn.type=DCNv2 model.backbone.dcn.deform_groups=1'),
        (SHAPES, 'randomness.seed=0 randomness.deterministic=True'),
        (SHAPES, 'train_cfg.max_epochs=3 param_scheduler.1.T_max=3'),
        (SHAPES, 'test_dataloader.batch_size=2 test_dataloader.pin_memory=True'),
        (SHAPES, 'work_dir=w load_from=x.pth resume=True experiment_name=a'),
        (SHAPES, 'test_dataloader.dataset.data_prefix.img=images'),
        (SHAPES, 'test_dataloader.dataset.metainfo.palette=random'),
        (SHAPES, 'test_evaluator.classwise=True test_evaluator.prefix=mine'),
        (SHAPES, 'optim_wrapper.optimizer.lr=1e30 optim_wrapper.max_skipped_steps=3'),
        (SHAPES, 'optim_wrapper.accumulative_counts=4'),
        (SHAPES, 'optim_wrapper.paramwise_cfg.norm_decay_mult=0.0'),
        (SHAPES, 'optim_wrapper.paramwise_cfg.custom_keys.backbone.lr_mult=0.1'),
        (SHAPES, 'optim_wrapper.clip_grad.norm_type=2'),
        (SHAPES, 'default_hooks.checkpoint.save_best=auto'),
        (SHAPES, 'default_hooks.checkpoint.save_optimizer=False'),
        (SHAPES, 'default_hooks.ema.type=EMAHook default_hooks.ema.momentum=0.001'),
        (SHAPES, 'default_hooks.logger=None custom_hooks=None'),
        (SHAPES, 'train_dataloader.dataset.filter_cfg.min_size=8'),
        (SHAPES, 'train_dataloader.dataset.pipeline.3.scale=(200,200)'),
        (SHAPES, 'train_dataloader.dataset.pipeline.3.interpolation=nearest'),
        (SHAPES, 'train_dataloader.batch_sampler.type=AspectRatioBatchSampler'),
        (SHAPES, 'visualizer.vis_backends.0.type=TensorboardVisBackend'),
        (SHAPES, 'model.test_cfg.bbox_head.score_thr=0 model.backbone.norm_eval=True'),
        (SHAPES, 'model.train_cfg.bbox_head.assigner.pos_iou_thr=0.4'),
        (
            SHAPES,
            'model.neck.norm_cfg.eps=1e-3 model.neck.norm_cfg.requires_grad=False',
        ),
        (SHAPES, 'model.panoptic_fusion_head.label_map=dense'),
        (
            SHAPES,
            'model.backbone.init_cfg._delete_=True '
            'model.backbone.init_cfg.type=Pretrained '
            'model.backbone.init_cfg.checkpoint=x.pth',
        ),
        (SHAPES, 'env_cfg.cudnn_benchmark=1 env_cfg.dist_cfg.timeout=100'),
        (SHAPES, 'find_unused_parameters=True log_level=ERROR compile=True'),
        (BASELINE, 'model.test_cfg.rcnn.score_thr=0.3'),
        # Names of version 0.1.
        (SHAPES, 'model.bbox_head.num_protos=16 model.mask_head.mask_thr=0.4'),
        (SHAPES, 'model.test_cfg.panoptic_fusion_head.mask_overlap=0.4'),
        (SHAPES, 'test_evaluator.type=PanopticMetric test_evaluator.nproc=1'),
    ],
)
def test_options_that_take_effect(override, config, options):
    override(config, options)


@pytest.mark.parametrize(
    ('config', 'option', 'nearest'),
    [
        (SHAPES, 'model.test_cfg.bbox_head.score_th=0.3', 'score_thr'),
        (SHAPES, 'model.test_cfg.box_head.score_thr=0.3', 'bbox_head'),
        (SHAPES, 'model.test_cfg.panoptic.mask_overlp=0.3', 'mask_overlap'),
        (SHAPES, 'model.test_cfg.panoptic_fusion_head.mask_overlp=1', 'mask_overlap'),
        (SHAPES, 'model.test_cfg.mask_head.mask_thr=0.3', 'mask_thr_binary'),
        (SHAPES, f'{NMS}.iou_treshold=0.3', 'iou_threshold'),
        (SHAPES, 'model.train_cfg.bbox_head.asigner.pos_iou_thr=0.3', 'assigner'),
        (SHAPES, 'model.train_cfg.bbox_head.assigner.pos_iou=0.3', 'pos_iou_thr'),
        (SHAPES, 'model.backbone.dept=50', 'depth'),
        (SHAPES, 'model.backbone.norm_cfg.requires_gradient=1', 'requires_grad'),
        (SHAPES, 'model.neck.upsample_cfg.mod=nearest', 'mode'),
        (SHAPES, 'model.num_things=3', 'num_things_classes'),
        (SHAPES, 'model.bbox_head.loss_cls.neg_pos=3', 'neg_pos_ratio'),
        (SHAPES, 'model.data_preprocessor.meen=0', 'mean'),
        (SHAPES, 'train_dataloader.dataset.filter_cfg.min_sise=3', 'min_size'),
        (SHAPES, 'val_dataloader.dataset.filter_cfg.min_sise=3', 'min_size'),
        (SHAPES, 'train_dataloader.dataset.data_prefix.image=x', 'img'),
        (SHAPES, 'train_dataloader.dataset.data_prefx.img=x', 'data_prefix'),
        (SHAPES, 'train_dataloader.dataset.pipeline.3.keep_ratoi=True', 'keep_ratio'),
        (SHAPES, 'test_dataloader.batchsize=3', 'batch_size'),
        (SHAPES, 'test_dataloader.sampler.shufle=True', 'shuffle'),
        (SHAPES, 'optim_wrapper.paramwise_cfg.norm_decay=0', 'norm_decay_mult'),
        (SHAPES, 'optim_wrapper.paramwise_cfg.custom_keys.a.lr_mul=1', 'lr_mult'),
        (SHAPES, 'optim_wrapper.clip_grad.max_nrom=3', 'max_norm'),
        (SHAPES, 'optim_wrapper.optimiser.lr=3', 'optimizer'),
        (SHAPES, 'param_scheduler.1.tmax=3', 'T_max'),
        (SHAPES, 'default_hooks.checkpoint.intervall=3', 'interval'),
        (SHAPES, 'default_hooks.checkpoint.max_keep_ckpt=3', 'max_keep_ckpts'),
        (SHAPES, 'default_hooks.chekpoint.interval=3', 'checkpoint'),
        (SHAPES, 'default_hooks.logger.intervl=3', 'interval'),
        (SHAPES, 'visualizer.vis_backends.0.savedir=x', 'save_dir'),
        (SHAPES, 'test_evaluator.class_wise=True', 'classwise'),
        (SHAPES, 'log_processor.window=3', 'window_size'),
        (SHAPES, 'env_cfg.cudnn_benchmrk=True', 'cudnn_benchmark'),
        (SHAPES, 'env_cfg.dist_cfg.backnd=gloo', 'backend'),
        (SHAPES, 'env_cfg.mp_cfg.mp_start=fork', 'mp_start_method'),
        (SHAPES, 'randomness.sed=3', 'seed'),
        (SHAPES, 'auto_scale_lr.base_batchsize=3', 'base_batch_size'),
        (SHAPES, 'train_cfg.max_epoch=3', 'max_epochs'),
        (SHAPES, 'train_cfg.max_iters=3', 'max_epochs'),
        (SHAPES, 'val_cfg.fp=True', 'fp16'),
        (SHAPES, 'load_form=x', 'load_from'),
        (SHAPES, 'resum=True', 'resume'),
        (SHAPES, 'optim_wraper.optimizer.lr=3', 'optim_wrapper'),
        (BASELINE, 'model.test_cfg.rcnn.score_th=0.3', 'score_thr'),
        (BASELINE, 'model.test_cfg.rcn.score_thr=0.3', 'rcnn'),
    ],
)
def test_misspelt_options_name_the_nearest(override, config, option, nearest):
    key = option.partition('=')[0]
    with pytest.raises(ValueError, match='nothing would read it') as error:
        override(config, option)
    assert str(error.value).startswith(f'--cfg-options {key}: ')
    assert f'the nearest is `{nearest}`' in str(error.value)
    assert '--allow-new-keys' in str(error.value)


@pytest.mark.parametrize(
    ('option', 'message'),
    [
        ('batch_size=2', 'it has train_dataloader.batch_size, val_dataloader.batch'),
        ('lr=2', r'it has optim_wrapper.optimizer.lr\.'),
        ('epochs=2', 'it has activation_checkpointing, .*, \\.\\.\\.'),
        ('data_root=x', 'set train_dataloader.dataset.data_root, val_dataloader'),
        ('max_epochs=3', 'set train_cfg.max_epochs, train_cfg.val_interval, param_sch'),
        ('image_size=(9,9)', 'set train_dataloader.dataset.pipeline.3.scale, train'),
        ('train_pipeline.0.type=x', r'set train_dataloader.dataset.pipeline\.$'),
        ('backend_args.backend=petrel', 'set train_dataloader.dataset.backend_args'),
        ('custom_imports.imports=x', 'set the keys that were made from it'),
        ('param_scheduler.T_max=3', "is a list of 2, so 'T_max' must be a number"),
        ('param_scheduler.7.T_max=3', "'7' must be a number from 0 to 1"),
        ('model.backbone.init_cfg.type=a', 'is None, which has no entries; to make'),
        ('model.backbone.depth.x=3', 'is 18, which has no entries'),
        ('train_cfg.val_interval=0', '^train_cfg.val_interval is 0, but must be at'),
        ('train_cfg.max_epochs=abc', "max_epochs is 'abc', but must be a whole number"),
        ('default_hooks.checkpoint.interval=abc', "is 'abc', but must be a whole num"),
        ('default_hooks.checkpoint.interval=1.5', 'is 1.5, but must be a whole num'),
        ('default_hooks.checkpoint.save_last=3', 'is 3, but must be True or False'),
        ('default_hooks.checkpoint.save_best=PQ', "is 'PQ', but the evaluator gives"),
        ('optim_wrapper.optimizer.lr=fast', "is 'fast', but must be a list or a num"),
        ('train_dataloader.batch_size=two', "is 'two', but must be"),
        ('resume=maybe', "resume is 'maybe', but must be True or False"),
        ('model.neck=3', 'model.neck is 3, but must be a dict'),
    ],
)
def test_options_without_effect(override, option, message):
    with pytest.raises(ValueError, match=message):
        override(SHAPES, option)


def test_a_dict_is_checked_key_by_key(repo_root):
    config = str(repo_root / 'configs' / SHAPES)
    clip = dict(max_norm=1.0)
    cfg = load_config(config, {'optim_wrapper': dict(clip_grad=clip)})
    assert cfg.optim_wrapper.clip_grad.max_norm == 1
    with pytest.raises(ValueError, match='the nearest is `max_norm`'):
        load_config(config, {'optim_wrapper.clip_grad': dict(max_nrom=1.0)})


@pytest.mark.parametrize(
    ('key', 'value'),
    [
        ('default_hooks.new', 3),
        ('model.backbone', 3),
        ('model.bbox_head.loss_cls', []),
        ('train_dataloader', True),
        ('model.bbox_head.loss_cls.neg_pos_ratio', {}),
        ('custom_hooks', 2.5),
    ],
)
def test_values_of_another_kind_end_in_a_sentence(repo_root, key, value):
    with pytest.raises(ValueError, match=rf'{key.split(".")[0]}') as caught:
        load_config(str(repo_root / 'configs' / SHAPES), {key: value})
    assert '\n' not in str(caught.value)
