# Table 3, "1-layer": P3 attends to itself only.
_base_ = './epsnet_r101_fpn_coco.py'

model = dict(fusion_neck=dict(source_levels=(0,)))
