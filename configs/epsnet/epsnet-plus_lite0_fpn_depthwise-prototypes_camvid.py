# The prototype head's block after the upsampling is depthwise separable.
_base_ = './epsnet-plus_lite0_fpn_camvid.py'

model = dict(prototype_head=dict(type='DepthwisePrototypeHead'))
