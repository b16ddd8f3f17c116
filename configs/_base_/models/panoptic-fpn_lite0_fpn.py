# MMDetection's Panoptic FPN on the backbone of EPSNet+.
_base_ = './panoptic-fpn_r18_fpn.py'

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
    # Anchors of the sizes that EPSNet+ has.
    rpn_head=dict(anchor_generator=dict(scales=[3])),
)
