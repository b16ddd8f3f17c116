# The name of version 0.1, kept for one release.
_base_ = './epsnet_r50_fpn_official-weights_coco.py'

_deprecation_ = dict(expected='epsnet_r50_fpn_official-weights_coco.py')
