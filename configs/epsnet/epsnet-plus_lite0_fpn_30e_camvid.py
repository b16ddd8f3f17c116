# A training twice as long.
_base_ = './epsnet-plus_lite0_fpn_camvid.py'

max_epochs = 30
train_cfg = dict(max_epochs=max_epochs, val_interval=max_epochs)
param_scheduler = [_base_.warm_up, dict(_base_.cosine_decay, T_max=max_epochs)]
