# EPSNet+ on ResNet-50; the semantic head and fusion are the paper's.
_base_ = ['./epsnet_r50_fpn.py', './epsnet-plus_heads.py']

model = dict(
    bbox_head=dict(_delete_=True, **_base_.instance_head),
    mask_head=dict(_delete_=True, **_base_.instance_masks),
    train_cfg=dict(
        bbox_head=dict(assigner=dict(_delete_=True, **_base_.instance_assigner))
    ),
)
