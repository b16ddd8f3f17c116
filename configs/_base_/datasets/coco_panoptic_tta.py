# COCO panoptic with test-time augmentation for `tools/test.py --tta`: three sizes,
# each plain and flipped.
_base_ = './coco_panoptic.py'

tta_flips = [dict(type='RandomFlip', prob=0.0), dict(type='RandomFlip', prob=1.0)]
pack_view = dict(
    _base_.pack_for_test,
    meta_keys=(*_base_.pack_for_test.meta_keys, 'flip', 'flip_direction'),
)

tta_model = dict(type='EPSNetTTAModel')
tta_pipeline = [
    _base_.load_image,
    dict(
        type='TestTimeAug',
        transforms=[
            [
                dict(type='Resize', scale=(size, size), keep_ratio=False)
                for size in (550, 450, 650)
            ],
            tta_flips,
            [pack_view],
        ],
    ),
]
