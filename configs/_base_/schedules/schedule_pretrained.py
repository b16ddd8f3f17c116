# From ImageNet's weights, in minutes: AdamW, one cosine decay, and a moving average of
# the weights, which is what is evaluated and kept.
_base_ = './schedule_from-scratch.py'

optim_wrapper = dict(
    optimizer=dict(lr=5e-4),
    # Decay is for the weights of convolutions only.
    paramwise_cfg=dict(norm_decay_mult=0.0, bias_decay_mult=0.0),
)
# `gamma`: the average forgets the first few hundred updates soon.
custom_hooks = [
    dict(
        type='EMAHook',
        ema_type='ExpMomentumEMA',
        momentum=0.002,
        gamma=200,
        priority=49,
    )
]
