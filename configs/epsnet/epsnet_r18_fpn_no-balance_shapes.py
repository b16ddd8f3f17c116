# Table 1 without loss balance, on synthetic images: all weights are 1.
_base_ = './epsnet_r18_fpn_shapes.py'

model = dict(
    bbox_head=dict(loss_cls=dict(loss_weight=1.0), loss_bbox=dict(loss_weight=1.0)),
    mask_head=dict(loss_mask=dict(loss_weight=1.0)),
    semantic_head=dict(loss_semantic=dict(loss_weight=1.0)),
)
