# 50 epochs on several GPUs: AdamW in mixed precision, one cosine decay, and a moving
# average of the weights. Not measured: no GPU was at hand.
max_epochs = 50

train_cfg = dict(
    type='ResumableEpochBasedTrainLoop', max_epochs=max_epochs, val_interval=5
)
val_cfg = dict(type='ValLoop')
test_cfg = dict(type='TestLoop')

optim_wrapper = dict(
    type='FiniteAmpOptimWrapper',
    optimizer=dict(type='AdamW', lr=4e-4, weight_decay=0.05),
    # Weights from ImageNet move less, and decay is for those of convolutions only.
    paramwise_cfg=dict(
        norm_decay_mult=0.0,
        bias_decay_mult=0.0,
        custom_keys=dict(backbone=dict(lr_mult=0.25)),
    ),
    clip_grad=dict(max_norm=35.0),
)

warm_up = dict(type='LinearLR', start_factor=0.01, by_epoch=False, begin=0, end=1000)
cosine_decay = dict(
    type='CosineAnnealingLR',
    by_epoch=True,
    begin=0,
    T_max=max_epochs,
    eta_min_ratio=0.01,
    convert_to_iter_based=True,
)
param_scheduler = [warm_up, cosine_decay]

custom_hooks = [
    dict(
        type='EMAHook',
        ema_type='ExpMomentumEMA',
        momentum=0.0002,
        update_buffers=True,
        priority=49,
    )
]

randomness = dict(seed=0)

auto_scale_lr = dict(enable=False, base_batch_size=64)
