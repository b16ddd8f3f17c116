# Table 2, EPSNet-D: semantic logits from a convolution on P3; no attention.
_base_ = './epsnet_r101_fpn_no-attention_coco.py'

model = dict(
    semantic_head=dict(
        _delete_=True,
        type='EPSNetDenseSemanticHead',
        loss_semantic={{_base_.model.semantic_head.loss_semantic}},
        init_cfg={{_base_.xavier}},
    )
)
