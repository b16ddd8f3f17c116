_base_ = [
    '../_base_/models/epsnet_r18_fpn.py',
    '../_base_/datasets/shapes.py',
    '../_base_/schedules/schedule_from-scratch.py',
    '../_base_/default_runtime.py',
]

model = dict(
    num_things_classes=4,
    num_stuff_classes=4,
    # Stuff areas of a small image are small.
    test_cfg=dict(panoptic=dict(stuff_area_limit=256)),
)
