# EPSNet+ for COCO: 8 GPUs with 8 images each, 50 epochs instead of 3.2 M iterations.
_base_ = [
    '../_base_/models/epsnet-plus_r50_fpn.py',
    '../_base_/datasets/coco_lsj_panoptic.py',
    '../_base_/schedules/schedule_50e.py',
    '../_base_/default_runtime.py',
]

# Images that jitter made smaller than the network's input are padded in training.
pad_to_input = dict(
    type='BatchFixedSizePad',
    size=_base_.image_size,
    img_pad_value=0,
    pad_mask=True,
    mask_pad_value=0,
    pad_seg=True,
    seg_pad_value=255,
)
model = dict(data_preprocessor=dict(batch_augments=[pad_to_input]))
