# The paper's text to the letter: the instance head sees P3 to P5 only.
_base_ = './epsnet_r101_fpn_coco.py'

model = dict(
    bbox_head=dict(anchor_generator=dict(strides=[8, 16, 32], base_sizes=[24, 48, 96]))
)
