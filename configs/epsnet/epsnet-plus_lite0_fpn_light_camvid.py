# All three cheaper parts at once: pooled keys, coarse queries, depthwise prototypes.
_base_ = './epsnet-plus_lite0_fpn_camvid.py'

model = dict(
    fusion_neck=dict(type='CoarseAttention', target_stride=2, source_stride=2),
    prototype_head=dict(type='DepthwisePrototypeHead'),
)
