# The synthetic dataset: `python tools/misc/make_shapes.py data/shapes`.
_base_ = './panoptic.py'

data_root = 'data/shapes/'
image_size = (160, 160)

resize = dict(type='Resize', scale=image_size, keep_ratio=False)
random_resize = dict(
    type='RandomResize', scale=image_size, ratio_range=(1.0, 1.3), keep_ratio=False
)
crop = dict(_base_.random_crop, crop_size=image_size)

train_pipeline = [
    _base_.load_image,
    _base_.load_segments,
    _base_.random_flip,
    random_resize,
    crop,
    _base_.drop_slivers,
    _base_.pack,
]
test_pipeline = [_base_.load_image, resize, _base_.pack_for_test]

train_dataloader = dict(
    batch_size=8,
    dataset=dict(
        data_root=data_root,
        data_prefix=dict(img='train/'),
        pipeline=train_pipeline,
    ),
)
val_dataloader = dict(
    dataset=dict(
        data_root=data_root,
        data_prefix=dict(img='val/'),
        pipeline=test_pipeline,
    ),
)
test_dataloader = val_dataloader

val_evaluator = dict(
    ann_file=data_root + 'annotations/panoptic_val.json',
    seg_prefix=data_root + 'annotations/panoptic_val/',
    classwise=True,
)
test_evaluator = val_evaluator
