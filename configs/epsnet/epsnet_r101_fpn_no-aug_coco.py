# Table 1 without data augmentation.
_base_ = './epsnet_r101_fpn_coco.py'

train_pipeline = [
    _base_.load_image,
    _base_.load_segments,
    _base_.resize,
    _base_.drop_slivers,
    _base_.pack,
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
