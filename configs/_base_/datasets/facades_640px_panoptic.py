# Facades at five quarters of their size, so that small objects have more pixels.
_base_ = './facades_panoptic.py'

image_size = (640, 640)
crop_size = (384, 384)

distort_colors = dict(type='EPSNetPhotoMetricDistortion')
resize = dict(type='Resize', scale=image_size, keep_ratio=False)
random_resize = dict(
    type='RandomResize', scale=image_size, ratio_range=(0.6, 1.4), keep_ratio=False
)
# A plain crop shows a car in every sixth sample; this one, two of them in five.
balanced_crop = dict(type='ClassBalancedCrop', crop_size=crop_size)

train_pipeline = [
    _base_.load_image,
    _base_.load_segments,
    distort_colors,
    _base_.random_flip,
    random_resize,
    balanced_crop,
    _base_.drop_slivers,
    _base_.pack,
]
test_pipeline = [_base_.load_image, resize, _base_.pack_for_test]

train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(dataset=dict(pipeline=test_pipeline))
test_dataloader = val_dataloader
