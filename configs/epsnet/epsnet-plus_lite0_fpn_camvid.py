# EPSNet+ on CamVid.
_base_ = [
    '../_base_/models/epsnet-plus_lite0_fpn.py',
    '../_base_/datasets/camvid_640px_balanced_panoptic.py',
    '../_base_/schedules/schedule_pretrained.py',
    '../_base_/default_runtime.py',
]

model = dict(
    num_things_classes=4,
    num_stuff_classes=7,
    # For 100 signs there are 57 cars, 51 pedestrians and 11 bicyclists.
    bbox_head=dict(class_weight=[1.0, 1.3, 1.4, 2.5]),
    semantic_head=dict(loss_semantic=dict(loss_weight=4.0)),
    # Thresholds are the best of those tried on the validation images. Half of the
    # segments of poles have less than 1400 pixels.
    test_cfg=dict(
        bbox_head=dict(score_thr=0.35),
        mask_head=dict(mask_thr_binary=0.3),
        panoptic=dict(stuff_area_limit=256),
    ),
)

max_epochs = 15
train_cfg = dict(max_epochs=max_epochs, val_interval=max_epochs)
param_scheduler = [_base_.warm_up, dict(_base_.cosine_decay, T_max=max_epochs)]

default_hooks = dict(logger=dict(interval=23))
