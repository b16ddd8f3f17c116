# Larger images, as the released 650 px network was trained: anchors that grow with
# the image, truncated to whole pixels, and square (each ratio scales both sides).
_base_ = './epsnet_r101_fpn_coco.py'

image_size = (650, 650)
model = dict(
    bbox_head=dict(
        anchor_generator=dict(
            base_sizes=[int(size / 550 * 650) for size in (24, 48, 96, 192, 384)],
            scales=[1.0, 0.5**0.5, 2.0**0.5],
            ratios=[1.0],
        )
    ),
    mask_head=dict(max_positives=300),
)

train_pipeline = [
    _base_.load_image,
    _base_.load_segments,
    _base_.distort_colors,
    _base_.random_flip,
    dict(_base_.random_resize, scale=image_size),
    dict(_base_.crop, crop_size=image_size),
    _base_.drop_slivers,
    _base_.pack,
]
test_pipeline = [
    _base_.load_image,
    dict(_base_.resize, scale=image_size),
    _base_.pack_for_test,
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(dataset=dict(pipeline=test_pipeline))
test_dataloader = val_dataloader

tta_pipeline = [
    _base_.load_image,
    dict(
        type='TestTimeAug',
        transforms=[
            [
                dict(type='Resize', scale=(size, size), keep_ratio=False)
                for size in (650, 550, 750)
            ],
            _base_.tta_flips,
            [_base_.pack_view],
        ],
    ),
]
