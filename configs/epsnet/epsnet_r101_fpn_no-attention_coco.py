# Tables 1 to 3: fusion without attention.
_base_ = './epsnet_r101_fpn_coco.py'

model = dict(
    fusion_neck=dict(
        _delete_=True, type='PanopticFPNFusion', init_cfg={{_base_.xavier}}
    )
)
