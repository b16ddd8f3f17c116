# The baseline of epsnet-plus_lite0_fpn_facades.py: same data, backbone, augmentation.
_base_ = [
    '../_base_/models/panoptic-fpn_lite0_fpn.py',
    '../_base_/datasets/facades_640px_panoptic.py',
    '../_base_/schedules/schedule_pretrained.py',
    '../_base_/default_runtime.py',
]

num_things_classes = 5
num_stuff_classes = 5
classes = dict(
    num_things_classes=num_things_classes, num_stuff_classes=num_stuff_classes
)
model = dict(
    roi_head=dict(
        bbox_head=dict(num_classes=num_things_classes),
        mask_head=dict(num_classes=num_things_classes),
    ),
    semantic_head=classes,
    panoptic_fusion_head=classes,
    test_cfg=dict(rcnn=dict(score_thr=0.3, max_per_img=200)),
)

max_epochs = 9
train_cfg = dict(max_epochs=max_epochs, val_interval=max_epochs)
param_scheduler = [_base_.warm_up, dict(_base_.cosine_decay, T_max=max_epochs)]

default_hooks = dict(logger=dict(interval=20))
