_base_ = [
    '../_base_/models/epsnet_r50_fpn.py',
    '../_base_/datasets/coco_panoptic.py',
    '../_base_/schedules/schedule_3200k.py',
    '../_base_/tta.py',
    '../_base_/default_runtime.py',
]

default_hooks = dict(checkpoint=dict(interval=40_000, by_epoch=False))
log_processor = dict(by_epoch=False)
