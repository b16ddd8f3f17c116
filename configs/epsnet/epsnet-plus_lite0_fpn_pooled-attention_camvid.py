# Keys and values of attention are means over two by two positions of their level.
_base_ = './epsnet-plus_lite0_fpn_camvid.py'

model = dict(fusion_neck=dict(type='PooledAttention', source_stride=2))
