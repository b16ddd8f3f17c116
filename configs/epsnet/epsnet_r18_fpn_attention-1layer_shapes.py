# Table 3, "1-layer", on synthetic images: P3 attends to itself only.
_base_ = './epsnet_r18_fpn_shapes.py'

model = dict(fusion_neck=dict(source_levels=(0,)))
