_base_ = './epsnet-plus_r50_fpn_8xb8-50e_coco.py'

model = dict(
    backbone=dict(depth=101, init_cfg=dict(checkpoint='torchvision://resnet101'))
)
