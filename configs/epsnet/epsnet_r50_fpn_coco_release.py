# The released ResNet-50 weights were trained with square anchors.
_base_ = './epsnet_r101_fpn_coco_release.py'

model = dict(
    backbone=dict(
        depth=50, init_cfg=dict(type='Pretrained', checkpoint='torchvision://resnet50')
    ),
    bbox_head=dict(
        anchor_generator=dict(scales=[1.0, 0.5**0.5, 2.0**0.5], ratios=[1.0])
    ),
)
