# All positions of P3 attend, to means over two by two positions of the sources.
_base_ = './epsnet-plus_lite0_fpn_camvid.py'

model = dict(fusion_neck=dict(target_stride=1))
