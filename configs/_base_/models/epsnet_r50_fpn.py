# EPSNet with ResNet-50-FPN for COCO's classes. A config for another dataset overrides
# `num_things_classes` and `num_stuff_classes`: all heads take their counts from there,
# and the number of prototypes from `num_prototypes`.

# For every convolution that doesn't start from ImageNet.
xavier = dict(type='Xavier', layer='Conv2d', distribution='uniform')

model = dict(
    type='EPSNet',
    num_things_classes=80,
    num_stuff_classes=53,
    num_prototypes=32,
    data_preprocessor=dict(
        type='DetDataPreprocessor',
        mean=[123.68, 116.78, 103.94],
        std=[58.40, 57.12, 57.38],
        bgr_to_rgb=True,
        pad_mask=True,
        pad_seg=True,
        seg_pad_value=255,
    ),
    backbone=dict(
        type='ResNet',
        depth=50,
        num_stages=4,
        out_indices=(0, 1, 2, 3),
        frozen_stages=-1,
        norm_cfg=dict(type='BN', requires_grad=False),
        norm_eval=True,
        style='pytorch',
        init_cfg=dict(type='Pretrained', checkpoint='torchvision://resnet50'),
    ),
    neck=dict(
        type='ReLUFPN',
        in_channels=[256, 512, 1024, 2048],
        out_channels=256,
        start_level=1,
        add_extra_convs='on_output',
        num_outs=5,
        upsample_cfg=dict(mode='bilinear', align_corners=False),
        init_cfg=xavier,
    ),
    fusion_neck=dict(
        type='CrossLayerAttention',
        in_channels=256,
        embed_channels=128,
        source_levels=(0, 1, 2),
        init_cfg=xavier,
    ),
    prototype_head=dict(type='EPSNetPrototypeHead', init_cfg=xavier),
    bbox_head=dict(
        type='EPSNetInstanceHead',
        # A size for each of P3 to P7, in pixels of the input; ratios are h / w.
        anchor_generator=dict(
            type='ImageAnchorGenerator',
            strides=[8, 16, 32, 64, 128],
            base_sizes=[24, 48, 96, 192, 384],
            scales=[1.0],
            ratios=[1.0, 2.0, 0.5],
        ),
        loss_cls=dict(
            type='HardNegativeCrossEntropyLoss', neg_pos_ratio=3, loss_weight=1.0
        ),
        loss_bbox=dict(type='SmoothL1Loss', beta=1.0, loss_weight=1.5),
    ),
    mask_head=dict(
        type='MaskAssemblyHead',
        max_positives=100,
        loss_mask=dict(type='BoxNormalizedMaskLoss', loss_weight=6.125),
    ),
    semantic_head=dict(
        type='CoefficientSemanticHead',
        loss_semantic=dict(type='PixelCrossEntropyLoss', loss_weight=2.0),
        init_cfg=xavier,
    ),
    panoptic_fusion_head=dict(type='EPSNetFusionHead'),
    train_cfg=dict(bbox_head=dict(assigner=dict(type='BestAnchorAssigner'))),
    test_cfg=dict(
        bbox_head=dict(
            score_thr=0.2,
            nms_pre=1000,
            nms=dict(type='nms', iou_threshold=0.5),
            max_per_img=100,
        ),
        mask_head=dict(mask_thr_binary=0.5),
        panoptic=dict(mask_overlap=0.5, stuff_area_limit=64 * 64),
    ),
)
