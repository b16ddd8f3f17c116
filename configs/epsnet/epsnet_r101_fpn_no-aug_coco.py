# Table 1 without data augmentation.
_base_ = './epsnet_r101_fpn_coco.py'

train_pipeline = [
    dict(type='LoadImageFromFile', to_float32=True),
    dict(type='LoadPanopticSegments'),
    dict(type='Resize', scale=_base_.image_size, keep_ratio=False),
    dict(type='PackDetInputs')
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
