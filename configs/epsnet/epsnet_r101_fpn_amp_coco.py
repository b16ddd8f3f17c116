# Mixed precision; same as `tools/train.py --amp`.
_base_ = './epsnet_r101_fpn_coco.py'

optim_wrapper = dict(type='FiniteAmpOptimWrapper', loss_scale='dynamic')
