# EPSNet+ on EfficientNet-Lite0; the semantic head and fusion are the paper's.
_base_ = ['./epsnet_lite0_fpn.py', './epsnet-plus_heads.py']

# Three quarters of the pyramid's channels: in half precision the weights take 10 MB.
head_channels = 96

model = dict(
    # The stem and the first two stages, strides 2 and 4, keep ImageNet's weights: the
    # largest maps then need no gradients.
    backbone=dict(frozen_stages=3),
    # A sixteenth of the paper's pairs of positions: the same PQ (docs/results.md).
    fusion_neck=dict(type='CoarseAttention', target_stride=2, source_stride=2),
    prototype_head=dict(feat_channels=head_channels),
    bbox_head=dict(
        _delete_=True,
        **_base_.instance_head,
        in_channels=128,
        feat_channels=head_channels,
    ),
    mask_head=dict(_delete_=True, **_base_.instance_masks),
    train_cfg=dict(
        bbox_head=dict(assigner=dict(_delete_=True, **_base_.instance_assigner))
    ),
)
