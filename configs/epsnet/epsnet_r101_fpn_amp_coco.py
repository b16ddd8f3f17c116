# Mixed precision; same as `tools/train.py --amp`. Without a GPU, the wrapper is
# `FiniteCpuAmpOptimWrapper`.
_base_ = './epsnet_r101_fpn_coco.py'

optim_wrapper = dict(type='FiniteAmpOptimWrapper')
