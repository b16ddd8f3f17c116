# Attention that begins soft: query and key start as if their products were divided by
# the square root of their 128 channels. Costs nothing at inference.
_base_ = './epsnet_r101_fpn_coco.py'

model = dict(
    fusion_neck=dict(
        init_cfg=dict(
            override=[
                dict(type='Xavier', name=name, gain=128**-0.25, distribution='uniform')
                for name in ('query', 'key')
            ]
        )
    )
)
