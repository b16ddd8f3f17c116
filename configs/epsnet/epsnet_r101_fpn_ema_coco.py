# Evaluates and saves an exponential moving average of the weights.
_base_ = './epsnet_r101_fpn_coco.py'

custom_hooks = [
    dict(type='EMAHook', ema_type='ExpMomentumEMA', momentum=0.0002, priority=49)
]
