# Images of your own in data/mine; docs/custom_dataset.md tells how to get there.
_base_ = './panoptic.py'

data_root = 'data/mine/'
# Width and height that all images are brought to. Training sees crops of them, which
# are cheaper.
image_size = (640, 480)
crop_size = (384, 288)

distort_colors = dict(type='EPSNetPhotoMetricDistortion')
resize = dict(type='Resize', scale=image_size, keep_ratio=False)
random_resize = dict(
    type='RandomResize', scale=image_size, ratio_range=(0.6, 1.4), keep_ratio=False
)
# All classes are shown equally often, as far as crops can.
crop = dict(type='ClassBalancedCrop', crop_size=crop_size)

train_pipeline = [
    _base_.load_image,
    _base_.load_segments,
    distort_colors,
    _base_.random_flip,
    random_resize,
    crop,
    _base_.drop_slivers,
    _base_.pack,
]
test_pipeline = [_base_.load_image, resize, _base_.pack_for_test]

train_dataloader = dict(
    batch_size=4, dataset=dict(data_root=data_root, pipeline=train_pipeline)
)
val_dataloader = dict(dataset=dict(data_root=data_root, pipeline=test_pipeline))
test_dataloader = val_dataloader

val_evaluator = dict(
    ann_file=data_root + 'annotations/panoptic_val.json',
    seg_prefix=data_root + 'annotations/panoptic_val/',
    classwise=True,
)
test_evaluator = val_evaluator
