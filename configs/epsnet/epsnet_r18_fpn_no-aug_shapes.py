# Table 1 without data augmentation, on synthetic images.
_base_ = './epsnet_r18_fpn_shapes.py'

train_pipeline = [
    _base_.load_image,
    _base_.load_segments,
    _base_.resize,
    _base_.drop_slivers,
    _base_.pack,
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
