# A small EPSNet that trains from scratch on a CPU: ResNet-18 with trainable
# normalization, a pyramid of 128 channels, Fast NMS (no compiled ops).
# docs/tuning_notes.md tells what was tried.
_base_ = './epsnet_r50_fpn.py'

channels = 128

model = dict(
    backbone=dict(
        depth=18,
        norm_cfg=dict(requires_grad=True),
        norm_eval=False,
        # Blocks that start as identities need a longer training.
        zero_init_residual=False,
        init_cfg=None,
    ),
    # Without ImageNet's weights, an unnormalized pyramid grows so large that attention
    # looks at single positions.
    neck=dict(
        in_channels=[64, 128, 256, 512],
        out_channels=channels,
        norm_cfg=dict(type='GN', num_groups=32),
    ),
    fusion_neck=dict(
        in_channels=channels,
        embed_channels=channels // 2,
        init_cfg=dict(
            type='Xavier',
            layer='Conv2d',
            distribution='uniform',
            # At the start, this divides the products in equation 4 by the square root
            # of the number of channels of query and key.
            override=[
                dict(
                    type='Xavier',
                    name=name,
                    gain=(channels // 2) ** -0.25,
                    distribution='uniform',
                )
                for name in ('query', 'key')
            ],
        ),
    ),
    prototype_head=dict(in_channels=channels, feat_channels=channels),
    bbox_head=dict(in_channels=channels, feat_channels=channels),
    # Inputs below 257 px leave P7 smaller than the 3x3 convolution.
    semantic_head=dict(in_channels=channels, feat_channels=channels, padding=1),
    test_cfg=dict(
        bbox_head=dict(
            nms=dict(_delete_=True, type='fast_nms', iou_threshold=0.5, top_k=200)
        )
    ),
)
