# Table 2, EPSNet-D, on synthetic images: semantic logits from P3; no attention.
_base_ = './epsnet_r18_fpn_no-attention_shapes.py'

model = dict(
    semantic_head=dict(
        _delete_=True,
        type='EPSNetDenseSemanticHead',
        in_channels={{_base_.channels}},
        loss_semantic={{_base_.model.semantic_head.loss_semantic}},
        init_cfg={{_base_.xavier}},
    )
)
