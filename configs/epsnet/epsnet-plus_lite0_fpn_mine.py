# EPSNet+ on images of your own: edit this copy of the network for CamVid, and the size
# of images in mine_panoptic.py.
_base_ = [
    '../_base_/models/epsnet-plus_lite0_fpn.py',
    '../_base_/datasets/mine_panoptic.py',
    '../_base_/schedules/schedule_pretrained.py',
    '../_base_/default_runtime.py',
]

model = dict(
    # Of your annotation files.
    num_things_classes=1,
    num_stuff_classes=1,
    semantic_head=dict(loss_semantic=dict(loss_weight=4.0)),
    test_cfg=dict(
        bbox_head=dict(score_thr=0.35),
        mask_head=dict(mask_thr_binary=0.3),
        panoptic=dict(stuff_area_limit=256),
    ),
)

# Steps count, not epochs: on CamVid there are 1400 of them, of 4 images each.
max_epochs = 15
train_cfg = dict(max_epochs=max_epochs, val_interval=max_epochs)
param_scheduler = [_base_.warm_up, dict(_base_.cosine_decay, T_max=max_epochs)]

default_hooks = dict(logger=dict(interval=20))
