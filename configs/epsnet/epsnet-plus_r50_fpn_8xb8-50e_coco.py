# EPSNet+ for COCO: 8 GPUs with 8 images each, 50 epochs instead of 3.2 M iterations.
_base_ = [
    '../_base_/models/epsnet-plus_r50_fpn.py',
    '../_base_/datasets/coco_lsj_panoptic.py',
    '../_base_/schedules/schedule_50e.py',
    '../_base_/default_runtime.py',
]
