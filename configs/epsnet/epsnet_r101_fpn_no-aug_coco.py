# Table 1 without data augmentation.
_base_ = './epsnet_r101_fpn_coco.py'

train_pipeline = [
    dict(type='LoadImageFromFile', to_float32=True),
    dict(type='LoadPanopticSegments'),
    dict(type='Resize', scale=_base_.image_size, keep_ratio=False),
    # Shrinking, too, may leave nothing of a thin object.
    dict(
        type='FilterAnnotations',
        min_gt_bbox_wh=(1.0, 1.0),
        by_mask=True,
        keep_empty=False,
    ),
    dict(type='PackDetInputs'),
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
