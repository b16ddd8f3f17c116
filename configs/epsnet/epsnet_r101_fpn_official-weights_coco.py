# For the authors' released ResNet-101 weights, see tools/model_converters.
_base_ = ['./epsnet_r101_fpn_coco.py', '../_base_/official_weights.py']

model = _base_.official_weights
