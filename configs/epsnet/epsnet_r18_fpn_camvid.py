# Street scenes of 11 classes, from scratch, on a CPU.
_base_ = [
    '../_base_/models/epsnet_r18_fpn.py',
    '../_base_/datasets/camvid_panoptic.py',
    '../_base_/schedules/schedule_from-scratch.py',
    '../_base_/default_runtime.py',
]

model = dict(
    num_things_classes=4,
    num_stuff_classes=7,
    # Half of COCO's: at this size half of the signs are below 9 px, half of the
    # cars below 22 px.
    bbox_head=dict(
        anchor_generator=dict(
            type='ImageAnchorGenerator',
            strides=[8, 16, 32, 64, 128],
            base_sizes=[12, 24, 48, 96, 192],
            scales=[1.0],
            ratios=[1.0, 2.0, 0.5])),
    # Half of the segments of poles have less than 1400 pixels.
    test_cfg=dict(panoptic_fusion_head=dict(stuff_area_limit=256)))

max_epochs = 30
train_cfg = dict(max_epochs=max_epochs, val_interval=10)
param_scheduler = _base_.param_scheduler
param_scheduler[-1].T_max = max_epochs

default_hooks = dict(logger=dict(interval=20))
randomness = dict(seed=0)
