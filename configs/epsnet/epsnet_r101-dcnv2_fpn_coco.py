# Modulated deformable 3x3 convolutions in the last three stages (needs `make ops`).
_base_ = './epsnet_r101_fpn_coco.py'

model = dict(
    backbone=dict(
        dcn=dict(type='DCNv2', deform_groups=1, fallback_on_stride=False),
        stage_with_dcn=(False, True, True, True),
    )
)
