# Mixed precision, like `tools/train.py --amp`, which a CPU needs in addition.
_base_ = './epsnet_r101_fpn_coco.py'

optim_wrapper = dict(type='FiniteAmpOptimWrapper')
