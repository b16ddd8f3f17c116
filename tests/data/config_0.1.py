# What version 0.1 dumped for configs/epsnet/epsnet_r18_fpn_shapes.py, the parts that
# name components of this project.
custom_hooks = [
    dict(type='PanopticClassCheckHook'),
    dict(type='CheckpointCheckHook'),
]
custom_imports = dict(
    allow_failed_imports=False, imports=[
        'epsnet_mm',
    ])
default_scope = 'mmdet'
model = dict(
    backbone=dict(
        depth=18,
        frozen_stages=-1,
        init_cfg=None,
        norm_cfg=dict(requires_grad=True, type='BN'),
        norm_eval=False,
        num_stages=4,
        out_indices=(
            0,
            1,
            2,
            3,
        ),
        style='pytorch',
        type='ResNet',
        zero_init_residual=False),
    bbox_head=dict(
        anchor_generator=dict(
            base_sizes=[
                24,
                48,
                96,
                192,
                384,
            ],
            ratios=[
                1.0,
                2.0,
                0.5,
            ],
            scales=[
                1.0,
            ],
            strides=[
                8,
                16,
                32,
                64,
                128,
            ],
            type='ImageAnchorGenerator'),
        feat_channels=128,
        in_channels=128,
        loss_bbox=dict(beta=1.0, loss_weight=1.5, type='SmoothL1Loss'),
        loss_cls=dict(
            loss_weight=1.0,
            neg_pos_ratio=3,
            type='HardNegativeCrossEntropyLoss'),
        num_protos=32,
        type='InstanceHead'),
    data_preprocessor=dict(
        bgr_to_rgb=True,
        mean=[
            123.68,
            116.78,
            103.94,
        ],
        pad_mask=True,
        pad_seg=True,
        seg_pad_value=255,
        std=[
            58.4,
            57.12,
            57.38,
        ],
        type='DetDataPreprocessor'),
    fusion_neck=dict(
        embed_channels=64,
        in_channels=128,
        init_cfg=dict(
            distribution='uniform',
            layer='Conv2d',
            override=[
                dict(
                    distribution='uniform',
                    gain=0.3535533905932738,
                    name='query',
                    type='Xavier'),
                dict(
                    distribution='uniform',
                    gain=0.3535533905932738,
                    name='key',
                    type='Xavier'),
            ],
            type='Xavier'),
        source_levels=(
            0,
            1,
            2,
        ),
        type='CrossLayerAttention'),
    mask_head=dict(
        loss_mask=dict(loss_weight=6.125, type='BoxNormalizedMaskLoss'),
        max_positives=100,
        type='MaskAssemblyHead'),
    neck=dict(
        add_extra_convs='on_output',
        in_channels=[
            64,
            128,
            256,
            512,
        ],
        init_cfg=dict(distribution='uniform', layer='Conv2d', type='Xavier'),
        norm_cfg=dict(num_groups=32, type='GN'),
        num_outs=5,
        out_channels=128,
        start_level=1,
        type='ReLUFPN',
        upsample_cfg=dict(align_corners=False, mode='bilinear')),
    num_stuff_classes=4,
    num_things_classes=4,
    panoptic_fusion_head=dict(type='EPSNetFusionHead'),
    prototype_head=dict(
        feat_channels=128,
        in_channels=128,
        init_cfg=dict(distribution='uniform', layer='Conv2d', type='Xavier'),
        num_prototypes=32,
        type='PrototypeHead'),
    semantic_head=dict(
        feat_channels=128,
        in_channels=128,
        init_cfg=dict(distribution='uniform', layer='Conv2d', type='Xavier'),
        loss_semantic=dict(loss_weight=2.0, type='PixelCrossEntropyLoss'),
        num_prototypes=32,
        padding=1,
        type='CoefficientSemanticHead'),
    test_cfg=dict(
        bbox_head=dict(
            max_per_img=100,
            nms=dict(iou_threshold=0.5, top_k=200, type='fast_nms'),
            nms_pre=1000,
            score_thr=0.2),
        panoptic_fusion_head=dict(mask_overlap=0.5, stuff_area_limit=256)),
    train_cfg=dict(bbox_head=dict(assigner=dict(type='BestAnchorAssigner'))),
    type='EPSNet')
optim_wrapper = dict(
    clip_grad=dict(max_norm=10.0),
    optimizer=dict(lr=0.001, type='AdamW', weight_decay=0.02),
    type='FiniteOptimWrapper')
tta_model = dict(type='PanopticTTAModel')
val_dataloader = dict(
    batch_size=1,
    dataset=dict(
        ann_file='annotations/panoptic_val.json',
        data_prefix=dict(img='val/', seg='annotations/panoptic_val/'),
        data_root='data/shapes/',
        pipeline=[
            dict(type='LoadImageFromFile'),
            dict(keep_ratio=False, scale=(
                160,
                160,
            ), type='Resize'),
            dict(
                meta_keys=(
                    'img_id',
                    'img_path',
                    'ori_shape',
                    'img_shape',
                    'scale_factor',
                ),
                type='PackDetInputs'),
        ],
        test_mode=True,
        type='PanopticDataset'),
    drop_last=False,
    num_workers=1,
    persistent_workers=True,
    sampler=dict(shuffle=False, type='DefaultSampler'))
val_evaluator = dict(
    ann_file='data/shapes/annotations/panoptic_val.json',
    classwise=True,
    seg_prefix='data/shapes/annotations/panoptic_val/',
    type='PanopticMetric')
visualizer = dict(
    name='visualizer',
    type='PanopticVisualizer',
    vis_backends=[
        dict(type='LocalVisBackend'),
    ])
