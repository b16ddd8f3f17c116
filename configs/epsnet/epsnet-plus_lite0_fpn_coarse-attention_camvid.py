# P3 attends at half its resolution; keys and values are those of all positions.
_base_ = './epsnet-plus_lite0_fpn_camvid.py'

model = dict(fusion_neck=dict(type='CoarseAttention', target_stride=2, source_stride=1))
