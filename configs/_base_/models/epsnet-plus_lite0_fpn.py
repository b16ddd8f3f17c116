# EPSNet+ on EfficientNet-Lite0: another instance head, everything else is the paper's.
# docs/results.md has what each part gives and costs.
_base_ = './epsnet_lite0_fpn.py'

model = dict(
    # The stem and the first two stages, strides 2 and 4, keep ImageNet's weights: half
    # of the cost of training the backbone.
    backbone=dict(frozen_stages=3),
    bbox_head=dict(
        _delete_=True,
        type='DecoupledInstanceHead',
        in_channels=128,
        feat_channels=128,
        num_head_convs=2,
        anchor_generator=dict(
            type='ImageAnchorGenerator',
            strides=[8, 16, 32, 64, 128],
            base_sizes=[24, 48, 96, 192, 384],
            scales=[1.0],
            ratios=[1.0],
        ),
        loss_cls=dict(type='QualityFocalLoss', loss_weight=1.0),
        loss_bbox=dict(type='GIoULoss', loss_weight=2.0),
    ),
    mask_head=dict(
        type='PositionedMaskHead',
        loss_mask=dict(loss_weight=1.0),
        loss_dice=dict(type='DiceLoss', loss_weight=2.0, eps=1.0),
    ),
    train_cfg=dict(
        bbox_head=dict(
            assigner=dict(
                _delete_=True, type='ATSSAssigner', topk=9, ignore_iof_thr=0.5
            )
        )
    ),
)
