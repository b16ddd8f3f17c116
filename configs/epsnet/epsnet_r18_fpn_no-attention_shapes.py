# Table 3's baseline on synthetic images: fusion without attention.
_base_ = './epsnet_r18_fpn_shapes.py'

model = dict(
    fusion_neck=dict(
        _delete_=True,
        type='PanopticFPNFusion',
        in_channels={{_base_.channels}},
        out_channels={{_base_.channels}},
        init_cfg={{_base_.xavier}},
    )
)
