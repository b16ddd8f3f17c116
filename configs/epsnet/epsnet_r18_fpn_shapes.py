_base_ = [
    '../_base_/models/epsnet_r18_fpn.py',
    '../_base_/datasets/shapes.py',
    '../_base_/schedules/schedule_from-scratch.py',
    '../_base_/default_runtime.py',
]

num_things_classes = 4
num_stuff_classes = 4
model = dict(
    bbox_head=dict(num_classes=num_things_classes),
    semantic_head=dict(
        num_things_classes=num_things_classes, num_stuff_classes=num_stuff_classes),
    panoptic_fusion_head=dict(
        num_things_classes=num_things_classes, num_stuff_classes=num_stuff_classes),
    # Stuff areas of a small image are small.
    test_cfg=dict(panoptic_fusion_head=dict(stuff_area_limit=256)))
