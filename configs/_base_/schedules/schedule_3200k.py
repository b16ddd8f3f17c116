# The paper's schedule: SGD, 3.2 M iterations of 2 images.
train_cfg = dict(type='IterBasedTrainLoop', max_iters=3_200_000, val_interval=40_000)
val_cfg = dict(type='ValLoop')
test_cfg = dict(type='TestLoop')

optim_wrapper = dict(
    type='FiniteOptimWrapper',
    optimizer=dict(type='SGD', lr=1e-3, momentum=0.9, weight_decay=5e-4),
)

warm_up = dict(type='LinearLR', start_factor=0.1, by_epoch=False, begin=0, end=500)
param_scheduler = [
    warm_up,
    dict(
        type='MultiStepLR',
        by_epoch=False,
        milestones=[1_120_000, 2_400_000, 2_800_000, 3_000_000],
        gamma=0.1,
    ),
]

# `--auto-scale-lr` scales the learning rate from this batch size to the one in use;
# the iterations stay as they are.
auto_scale_lr = dict(enable=False, base_batch_size=2)
