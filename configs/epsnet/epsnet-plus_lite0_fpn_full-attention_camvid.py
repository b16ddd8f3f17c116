# The paper's attention: from all positions of P3 to all positions of the sources.
_base_ = './epsnet-plus_lite0_fpn_camvid.py'

model = dict(fusion_neck=dict(target_stride=1, source_stride=1))
