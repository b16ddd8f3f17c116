# Table 2, EPSNet-D: semantic logits from a convolution on P3; no attention.
_base_ = './epsnet_r101_fpn_no-attention_coco.py'

model = dict(
    semantic_head=dict(
        _delete_=True,
        type='DenseSemanticHead',
        num_things_classes={{_base_.num_things_classes}},
        num_stuff_classes={{_base_.num_stuff_classes}},
        loss_semantic={{_base_.model.semantic_head.loss_semantic}},
        init_cfg={{_base_.xavier}}))
