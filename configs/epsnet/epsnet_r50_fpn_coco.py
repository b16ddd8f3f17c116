_base_ = [
    '../_base_/models/epsnet_r50_fpn.py',
    '../_base_/datasets/coco_panoptic_tta.py',
    '../_base_/schedules/schedule_2600k.py',
    '../_base_/iteration_runtime.py',
]

train_dataloader = dict(sampler=dict(type='ResumableInfiniteSampler'))
