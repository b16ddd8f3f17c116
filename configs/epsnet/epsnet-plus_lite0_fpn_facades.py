# EPSNet+ on facades: the network whose weights come with this project.
_base_ = [
    '../_base_/models/epsnet-plus_lite0_fpn.py',
    '../_base_/datasets/facades_640px_panoptic.py',
    '../_base_/schedules/schedule_pretrained.py',
    '../_base_/default_runtime.py',
]

model = dict(
    num_things_classes=5,
    num_stuff_classes=5,
    # For 100 windows there are 18 balconies, 3 cars, 2 traffic signs and one shop.
    bbox_head=dict(class_weight=[1.0, 1.5, 4.0, 3.0, 4.0]),
    semantic_head=dict(loss_semantic=dict(loss_weight=4.0)),
    # Thresholds are among the best of those tried on the validation images. An image
    # has up to 120 segments.
    test_cfg=dict(
        bbox_head=dict(score_thr=0.45, max_per_img=200),
        mask_head=dict(mask_thr_binary=0.3),
        panoptic=dict(mask_overlap=0.35),
    ),
)

# Twice as many steps of half as many images take the same time; docs/results.md has
# what they gave.
train_dataloader = dict(batch_size=2)
optim_wrapper = dict(optimizer=dict(lr=4e-4))

max_epochs = 18
train_cfg = dict(max_epochs=max_epochs, val_interval=max_epochs)
param_scheduler = [
    dict(_base_.warm_up, end=200),
    dict(_base_.cosine_decay, T_max=max_epochs),
]

default_hooks = dict(logger=dict(interval=40))
