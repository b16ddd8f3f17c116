# COCO panoptic with large-scale jitter: an image becomes a tenth to twice the size of
# the network's input, and training sees a crop of it, or pads it.
_base_ = './coco_panoptic_tta.py'

image_size = _base_.image_size
random_resize = dict(
    type='RandomResize', scale=image_size, ratio_range=(0.1, 2.0), keep_ratio=False
)

train_pipeline = [
    _base_.load_image,
    _base_.load_segments,
    _base_.distort_colors,
    _base_.random_flip,
    random_resize,
    _base_.crop,
    _base_.drop_slivers,
    _base_.pack,
]

train_dataloader = dict(
    batch_size=8, num_workers=4, dataset=dict(pipeline=train_pipeline)
)
