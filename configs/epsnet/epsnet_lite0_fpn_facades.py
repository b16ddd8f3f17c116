# Facades of 10 classes, from ImageNet's weights of a light backbone, on a CPU.
_base_ = [
    '../_base_/models/epsnet_lite0_fpn.py',
    '../_base_/datasets/facades_panoptic.py',
    '../_base_/schedules/schedule_from-scratch.py',
    '../_base_/default_runtime.py',
]

# The recipe of epsnet_r18_fpn_camvid, except for the anchors and the limits in testing.
model = dict(
    num_things_classes=5,
    num_stuff_classes=5,
    # Two thirds of COCO's: a quarter of the windows has fewer than 18 x 18 px.
    bbox_head=dict(
        anchor_generator=dict(base_sizes=[16, 32, 64, 128, 256]),
        loss_cls=dict(loss_weight=3.0),
    ),
    # Of these objects 65 % meet an anchor with COCO's IoU of 0.5, 90 % one with 0.4.
    train_cfg=dict(bbox_head=dict(assigner=dict(pos_iou_thr=0.4, neg_iou_thr=0.3))),
    semantic_head=dict(loss_semantic=dict(loss_weight=8.0)),
    test_cfg=dict(
        # An image has up to 120 segments.
        bbox_head=dict(score_thr=0.3, max_per_img=200),
        # One street in twenty has fewer than 500 pixels.
        panoptic=dict(stuff_area_limit=256),
    ),
)

max_epochs = 14
train_cfg = dict(max_epochs=max_epochs, val_interval=7)
param_scheduler = [_base_.warm_up, dict(_base_.cosine_decay, T_max=max_epochs)]
optim_wrapper = dict(optimizer=dict(lr=5e-4))

default_hooks = dict(logger=dict(interval=20))
