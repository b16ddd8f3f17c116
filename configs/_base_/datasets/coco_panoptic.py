# COCO panoptic, in the folders of MMDetection:
#   data/coco/{train2017,val2017}/*.jpg
#   data/coco/annotations/panoptic_{train,val}2017.json
#   data/coco/annotations/panoptic_{train,val}2017/*.png
dataset_type = 'EPSNetPanopticDataset'
data_root = 'data/coco/'
image_size = (550, 550)
backend_args = None

# Pixels are floats before they are resized, as in the released network.
train_pipeline = [
    dict(type='LoadImageFromFile', to_float32=True, backend_args=backend_args),
    dict(type='LoadPanopticSegments', backend_args=backend_args),
    dict(type='PhotoMetricDistortion'),
    dict(type='RandomFlip', prob=0.5),
    # One ratio for both sides, so that the image becomes a square of 550 to
    # 825 px; two bounds in `scale` would draw each side by itself.
    dict(
        type='RandomResize', scale=image_size, ratio_range=(1.0, 1.5), keep_ratio=False
    ),
    dict(type='CenterKeepingCrop', crop_size=image_size),
    # The crop may cut off all of an object whose box it keeps, or leave a fraction
    # of a pixel, over which the mask loss would divide.
    dict(
        type='FilterAnnotations',
        min_gt_bbox_wh=(1.0, 1.0),
        by_mask=True,
        keep_empty=False,
    ),
    dict(type='PackDetInputs'),
]
# The metric reads the ground truth by itself; `--show-dir` adds its loading.
test_pipeline = [
    dict(type='LoadImageFromFile', to_float32=True, backend_args=backend_args),
    dict(type='Resize', scale=image_size, keep_ratio=False),
    dict(
        type='PackDetInputs',
        meta_keys=('img_id', 'img_path', 'ori_shape', 'img_shape', 'scale_factor'),
    ),
]

train_dataloader = dict(
    batch_size=2,
    num_workers=2,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        ann_file='annotations/panoptic_train2017.json',
        data_prefix=dict(img='train2017/', seg='annotations/panoptic_train2017/'),
        filter_cfg=dict(filter_without_things=True, min_size=32),
        pipeline=train_pipeline,
        backend_args=backend_args,
    ),
)
val_dataloader = dict(
    batch_size=1,
    num_workers=2,
    persistent_workers=True,
    drop_last=False,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        ann_file='annotations/panoptic_val2017.json',
        data_prefix=dict(img='val2017/', seg='annotations/panoptic_val2017/'),
        test_mode=True,
        pipeline=test_pipeline,
        backend_args=backend_args,
    ),
)
test_dataloader = val_dataloader

val_evaluator = dict(
    type='EPSNetPanopticMetric',
    ann_file=data_root + 'annotations/panoptic_val2017.json',
    seg_prefix=data_root + 'annotations/panoptic_val2017/',
    backend_args=backend_args,
)
test_evaluator = val_evaluator
