_base_ = [
    '../_base_/models/epsnet_r50_fpn.py',
    '../_base_/datasets/coco_panoptic_tta.py',
    '../_base_/schedules/schedule_3200k.py',
    '../_base_/iteration_runtime.py',
]

model = dict(
    backbone=dict(
        depth=101,
        init_cfg=dict(type='Pretrained', checkpoint='torchvision://resnet101'),
    )
)
train_dataloader = dict(sampler=dict(type='ResumableInfiniteSampler'))
