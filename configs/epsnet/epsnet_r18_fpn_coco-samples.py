# Overfits a few images with COCO's 133 classes, from scratch, on a CPU: shows that
# everything fits together on real data. Training and test images are the same.
_base_ = [
    '../_base_/models/epsnet_r18_fpn.py',
    '../_base_/datasets/coco_panoptic.py',
    '../_base_/schedules/schedule_from-scratch.py',
    '../_base_/default_runtime.py',
]

data_root = 'data/coco_samples/'
samples = dict(
    data_root=data_root,
    ann_file='annotations/panoptic_val.json',
    data_prefix=dict(img='images/', seg='annotations/panoptic_val/'),
)

# No crops and no scaling: the same pictures again and again.
image_size = (448, 448)
train_pipeline = [
    dict(type='LoadImageFromFile', to_float32=True),
    dict(type='LoadPanopticSegments'),
    dict(type='RandomFlip', prob=0.5),
    dict(type='Resize', scale=image_size, keep_ratio=False),
    dict(type='PackDetInputs'),
]
test_pipeline = [
    dict(type='LoadImageFromFile', to_float32=True),
    dict(type='Resize', scale=image_size, keep_ratio=False),
    dict(
        type='PackDetInputs',
        meta_keys=('img_id', 'img_path', 'ori_shape', 'img_shape', 'scale_factor'),
    ),
]
train_dataloader = dict(
    num_workers=1,
    sampler=dict(_delete_=True, type='InfiniteSampler', shuffle=True),
    dataset=dict(**samples, pipeline=train_pipeline),
)
val_dataloader = dict(num_workers=1, dataset=dict(**samples, pipeline=test_pipeline))
test_dataloader = val_dataloader
val_evaluator = dict(
    ann_file=data_root + samples['ann_file'],
    seg_prefix=data_root + samples['data_prefix']['seg'],
)
test_evaluator = val_evaluator

# The smallest stuff segment that is to be found has some thousand pixels.
model = dict(test_cfg=dict(panoptic=dict(stuff_area_limit=1024)))

max_iters = 400
train_cfg = dict(
    _delete_=True,
    type='IterBasedTrainLoop',
    max_iters=max_iters,
    val_interval=max_iters,
)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.1, by_epoch=False, begin=0, end=50),
    dict(
        type='CosineAnnealingLR',
        by_epoch=False,
        begin=0,
        T_max=max_iters,
        eta_min_ratio=0.01,
    ),
]
default_hooks = dict(
    logger=dict(interval=20), checkpoint=dict(interval=max_iters, by_epoch=False)
)
log_processor = dict(by_epoch=False)
