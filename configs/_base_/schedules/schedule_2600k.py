# The schedule of the released ResNet-50 network, of which the paper does not speak.
_base_ = './schedule_3200k.py'

train_cfg = dict(max_iters=2_600_000)
param_scheduler = [
    _base_.warm_up,
    dict(
        type='MultiStepLR',
        by_epoch=False,
        milestones=[800_000, 1_900_000, 2_200_000, 2_400_000],
        gamma=0.1,
    ),
]
