# What EPSNet+ has in place of the paper's instance head: a tower per task, one anchor
# per position that ATSS assigns, scores that say how good a box is, and masks that know
# the position inside of their box. docs/results.md has what it gives and costs.
instance_head = dict(
    type='DecoupledInstanceHead',
    num_head_convs=2,
    anchor_generator=dict(
        type='ImageAnchorGenerator',
        strides=[8, 16, 32, 64, 128],
        base_sizes=[24, 48, 96, 192, 384],
        scales=[1.0],
        ratios=[1.0],
    ),
    loss_cls=dict(type='QualityFocalLoss', loss_weight=2.0),
    loss_bbox=dict(type='GIoULoss', loss_weight=2.0),
)
instance_masks = dict(
    type='PositionedMaskHead',
    max_positives=100,
    loss_mask=dict(type='BoxNormalizedMaskLoss', loss_weight=1.0),
    loss_dice=dict(type='DiceLoss', loss_weight=2.0, eps=1.0),
)
instance_assigner = dict(type='ATSSAssigner', topk=9, ignore_iof_thr=0.5)
