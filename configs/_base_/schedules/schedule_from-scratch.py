# AdamW and one cosine decay: trains a small network from scratch in minutes.
# The seed makes the figures in the docs repeatable. A config that trains longer sets
# the length of `cosine_decay` too, as epsnet_r18_fpn_camvid.py does.
max_epochs = 8

train_cfg = dict(
    type='ResumableEpochBasedTrainLoop',
    max_epochs=max_epochs,
    val_interval=max_epochs,
)
val_cfg = dict(type='ValLoop')
test_cfg = dict(type='TestLoop')

optim_wrapper = dict(
    type='FiniteOptimWrapper',
    # Fused: the same update in at most half of the time.
    optimizer=dict(type='AdamW', lr=1e-3, weight_decay=0.02, fused=True),
    clip_grad=dict(max_norm=10.0),
)

warm_up = dict(type='LinearLR', start_factor=0.1, by_epoch=False, begin=0, end=100)
cosine_decay = dict(
    type='CosineAnnealingLR',
    by_epoch=True,
    begin=0,
    T_max=max_epochs,
    eta_min_ratio=0.01,
    convert_to_iter_based=True,
)
param_scheduler = [warm_up, cosine_decay]

randomness = dict(seed=0)

auto_scale_lr = dict(enable=False, base_batch_size=8)
