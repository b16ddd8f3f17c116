# epsnet_r18_fpn_camvid on EfficientNet-Lite0 with ImageNet weights; nothing else
# differs. The values are those of _base_/models/epsnet_lite0_fpn.py.
_base_ = './epsnet_r18_fpn_camvid.py'

model = dict(
    data_preprocessor=dict(mean=[127.0] * 3, std=[128.0] * 3),
    backbone=dict(
        _delete_=True,
        type='EfficientNetLite',
        arch=0,
        norm_eval=True,
        init_cfg=dict(type='Pretrained', checkpoint='efficientnet-lite://0'),
    ),
    neck=dict(in_channels=[40, 112, 320], start_level=0),
)
