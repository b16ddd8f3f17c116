# Overfits a few images with COCO's 133 classes, from scratch, on a CPU: shows that
# everything fits together on real data. Training and test images are the same.
_base_ = [
    '../_base_/models/epsnet_r18_fpn.py',
    '../_base_/datasets/coco_panoptic.py',
    '../_base_/schedules/schedule_from-scratch.py',
    '../_base_/iteration_runtime.py',
]

data_root = 'data/coco_samples/'
samples = dict(
    data_root=data_root,
    ann_file='annotations/panoptic_val.json',
    data_prefix=dict(img='images/', seg='annotations/panoptic_val/'),
)

# No crops and no random sizes: the same images again and again.
image_size = (448, 448)
resize = dict(_base_.resize, scale=image_size)
train_pipeline = [
    _base_.load_image,
    _base_.load_segments,
    _base_.random_flip,
    resize,
    _base_.pack,
]
test_pipeline = [_base_.load_image, resize, _base_.pack_for_test]
train_dataloader = dict(
    num_workers=1,
    sampler=dict(type='ResumableInfiniteSampler'),
    dataset=dict(**samples, pipeline=train_pipeline),
)
val_dataloader = dict(num_workers=1, dataset=dict(**samples, pipeline=test_pipeline))
test_dataloader = val_dataloader
val_evaluator = dict(
    ann_file=data_root + samples['ann_file'],
    seg_prefix=data_root + samples['data_prefix']['seg'],
)
test_evaluator = val_evaluator

# The smallest stuff segment to be found has a few thousand pixels.
model = dict(test_cfg=dict(panoptic=dict(stuff_area_limit=1024)))

max_iters = 400
train_cfg = dict(
    _delete_=True,
    type='IterBasedTrainLoop',
    max_iters=max_iters,
    val_interval=max_iters,
)
param_scheduler = [
    dict(_base_.warm_up, end=50),
    dict(
        type='CosineAnnealingLR',
        by_epoch=False,
        begin=0,
        T_max=max_iters,
        eta_min_ratio=0.01,
    ),
]
default_hooks = dict(logger=dict(interval=20), checkpoint=dict(interval=max_iters))
