# What all datasets in COCO panoptic format share. A file per dataset adds its root,
# its image size and its pipelines, which it puts together from the steps below, and
# its folders where they are not these, below the root:
#   images/{train,val}/
#   annotations/panoptic_{train,val}.json
#   annotations/panoptic_{train,val}/*.png
dataset_type = 'EPSNetPanopticDataset'
# Where files are read from, by all loaders: None for the local disk, or one of
# MMEngine's file backends such as `dict(backend='petrel')`.
backend_args = None

load_image = dict(type='LoadImageFromFile', backend_args=backend_args)
load_segments = dict(type='LoadPanopticSegments', backend_args=backend_args)
random_flip = dict(type='RandomFlip', prob=0.5)
random_crop = dict(type='RandomCrop', crop_type='absolute', allow_negative_crop=True)
# Cropping and resizing may leave nothing of an object, or a fraction of a pixel. The
# mask loss divides by the area of the box.
drop_slivers = dict(
    type='FilterAnnotations',
    min_gt_bbox_wh=(1.0, 1.0),
    by_mask=True,
    keep_empty=False,
)
pack = dict(type='PackDetInputs')
pack_for_test = dict(
    type='PackDetInputs',
    meta_keys=('img_id', 'img_path', 'ori_shape', 'img_shape', 'scale_factor'),
)

# If the training is killed, so are its workers.
worker_init_fn = dict(type='end_with_training')
train_dataloader = dict(
    num_workers=1,
    persistent_workers=True,
    worker_init_fn=worker_init_fn,
    sampler=dict(type='ResumableSampler', shuffle=True),
    dataset=dict(
        type=dataset_type,
        ann_file='annotations/panoptic_train.json',
        data_prefix=dict(img='images/train/', seg='annotations/panoptic_train/'),
        filter_cfg=dict(filter_empty_gt=True),
        backend_args=backend_args,
    ),
)
val_dataloader = dict(
    batch_size=1,
    num_workers=1,
    persistent_workers=True,
    worker_init_fn=worker_init_fn,
    drop_last=False,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type=dataset_type,
        ann_file='annotations/panoptic_val.json',
        data_prefix=dict(img='images/val/', seg='annotations/panoptic_val/'),
        test_mode=True,
        backend_args=backend_args,
    ),
)
test_dataloader = val_dataloader

val_evaluator = dict(type='EPSNetPanopticMetric', backend_args=backend_args)
test_evaluator = val_evaluator
