# Crops that show rare classes more often: bicyclists are on half of the images.
_base_ = './camvid_640px_panoptic.py'

balanced_crop = dict(type='ClassBalancedCrop', crop_size=_base_.crop_size)

train_pipeline = [
    _base_.load_image,
    _base_.load_segments,
    _base_.distort_colors,
    _base_.random_flip,
    _base_.random_resize,
    balanced_crop,
    _base_.drop_slivers,
    _base_.pack,
]

train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
