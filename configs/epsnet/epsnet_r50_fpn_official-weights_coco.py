# For the authors' released ResNet-50 weights, see tools/model_converters. They were
# trained with square anchors: each ratio scales both sides.
_base_ = ['./epsnet_r50_fpn_coco.py', '../_base_/official_weights.py']

model = dict(
    **_base_.official_weights,
    bbox_head=dict(
        anchor_generator=dict(scales=[1.0, 0.5**0.5, 2.0**0.5], ratios=[1.0])
    ),
)
