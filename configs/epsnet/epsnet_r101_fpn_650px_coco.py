# Larger images, and anchors that grow with them.
_base_ = './epsnet_r101_fpn_coco.py'

image_size = (650, 650)
model = dict(
    bbox_head=dict(
        anchor_generator=dict(
            type='ImageAnchorGenerator',
            strides=[8, 16, 32, 64, 128],
            base_sizes=[scale * 650 / 550 for scale in (24, 48, 96, 192, 384)],
            scales=[1.0],
            ratios=[1.0, 2.0, 0.5])))

train_pipeline = _base_.train_pipeline
test_pipeline = _base_.test_pipeline
for transform in train_pipeline + test_pipeline:
    for key in ('scale', 'crop_size'):
        if key in transform:
            transform[key] = image_size
del transform, key
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(dataset=dict(pipeline=test_pipeline))
test_dataloader = val_dataloader
