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

# `--auto-scale-lr` fits learning rate, iterations and intervals to the total batch size
# in use; this is the one that they are for. At a higher rate a single batch with
# unusual gradients moves the weights far, so their norm is limited. 35 is MMDetection's
# limit for one-stage detectors.
auto_scale_lr = dict(
    enable=False, base_batch_size=2, clip_grad=dict(max_norm=35.0, norm_type=2)
)
