# A training twice as long: the one whose weights come with this project.
_base_ = './epsnet-plus_lite0_fpn_facades.py'

max_epochs = 36
train_cfg = dict(max_epochs=max_epochs, val_interval=max_epochs)
param_scheduler = [
    _base_.param_scheduler[0],
    dict(_base_.cosine_decay, T_max=max_epochs),
]
