# Larger images, and anchors that grow with them.
_base_ = './epsnet_r101_fpn_coco.py'

image_size = (650, 650)
model = dict(
    bbox_head=dict(
        anchor_generator=dict(
            base_sizes=[size * 650 / 550 for size in (24, 48, 96, 192, 384)]
        )
    )
)

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

tta_pipeline = _base_.tta_pipeline
tta_pipeline[1]['transforms'][0] = [
    dict(type='Resize', scale=(size, size), keep_ratio=False)
    for size in (650, 550, 750)
]
