# CamVid in COCO panoptic format; docs/custom_dataset.md tells how to get there.
_base_ = './panoptic.py'

data_root = 'data/camvid/'
# Width and height of the images; training sees crops of them, which are cheaper.
image_size = (480, 360)
crop_size = (320, 240)

resize = dict(type='Resize', scale=image_size, keep_ratio=False)
random_resize = dict(
    type='RandomResize', scale=image_size, ratio_range=(0.7, 1.3), keep_ratio=False
)
crop = dict(_base_.random_crop, crop_size=crop_size)

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
