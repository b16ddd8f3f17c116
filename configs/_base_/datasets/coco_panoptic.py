# COCO panoptic, in the folders of MMDetection:
#   data/coco/{train2017,val2017}/*.jpg
#   data/coco/annotations/panoptic_{train,val}2017.json
#   data/coco/annotations/panoptic_{train,val}2017/*.png
_base_ = './panoptic.py'

data_root = 'data/coco/'
image_size = (550, 550)

# Pixels are floats before they are resized, as in the released network.
load_image = dict(_base_.load_image, to_float32=True)
resize = dict(type='Resize', scale=image_size, keep_ratio=False)
# The released network never swaps color channels, which is upstream's default.
distort_colors = dict(type='EPSNetPhotoMetricDistortion')
# One ratio for both sides, so that the image becomes a square of 550 to 825 px. Two
# bounds in `scale` would draw each side by itself.
random_resize = dict(
    type='RandomResize', scale=image_size, ratio_range=(1.0, 1.5), keep_ratio=False
)
# Keeps what has the center of its box inside, as the released network does.
crop = dict(type='CenterKeepingCrop', crop_size=image_size)

train_pipeline = [
    load_image,
    _base_.load_segments,
    distort_colors,
    _base_.random_flip,
    random_resize,
    crop,
    _base_.drop_slivers,
    _base_.pack,
]
# The metric reads the ground truth by itself; `--show-dir` adds its loading.
test_pipeline = [load_image, resize, _base_.pack_for_test]

train_dataloader = dict(
    batch_size=2,
    num_workers=2,
    dataset=dict(
        data_root=data_root,
        ann_file='annotations/panoptic_train2017.json',
        data_prefix=dict(img='train2017/', seg='annotations/panoptic_train2017/'),
        filter_cfg=dict(filter_without_things=True, min_size=32),
        pipeline=train_pipeline,
    ),
)
val_dataloader = dict(
    num_workers=2,
    dataset=dict(
        data_root=data_root,
        ann_file='annotations/panoptic_val2017.json',
        data_prefix=dict(img='val2017/', seg='annotations/panoptic_val2017/'),
        pipeline=test_pipeline,
    ),
)
test_dataloader = val_dataloader

val_evaluator = dict(
    ann_file=data_root + 'annotations/panoptic_val2017.json',
    seg_prefix=data_root + 'annotations/panoptic_val2017/',
)
test_evaluator = val_evaluator
