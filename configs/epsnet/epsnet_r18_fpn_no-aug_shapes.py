# Table 1 without data augmentation, on made pictures.
_base_ = './epsnet_r18_fpn_shapes.py'

train_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='LoadPanopticSegments'),
    dict(type='Resize', scale=_base_.image_size, keep_ratio=False),
    dict(
        type='FilterAnnotations',
        min_gt_bbox_wh=(1.0, 1.0),
        by_mask=True,
        keep_empty=False,
    ),
    dict(type='PackDetInputs'),
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
