# MMDetection's Panoptic FPN from scratch on a CPU, the baseline for epsnet_r18_fpn.py.
# It is as small: half of upstream's channels, and a quarter of its regions per step.
# With upstream's sizes, a step takes four times as long.
_base_ = 'mmdet::_base_/models/mask-rcnn_r50_fpn.py'

channels = 128

model = dict(
    type='PanopticFPN',
    data_preprocessor=dict(mask_pad_value=0, pad_seg=True, seg_pad_value=255),
    # The same settings for training from scratch as EPSNet's.
    backbone=dict(
        depth=18,
        frozen_stages=-1,
        norm_eval=False,
        zero_init_residual=False,
        init_cfg=None,
    ),
    neck=dict(
        in_channels=[64, 128, 256, 512],
        out_channels=channels,
        norm_cfg=dict(type='GN', num_groups=32),
    ),
    rpn_head=dict(in_channels=channels, feat_channels=channels),
    roi_head=dict(
        bbox_roi_extractor=dict(out_channels=channels),
        bbox_head=dict(in_channels=channels, fc_out_channels=4 * channels),
        mask_roi_extractor=dict(out_channels=channels),
        mask_head=dict(in_channels=channels, conv_out_channels=channels),
    ),
    # From here on as upstream's panoptic-fpn_r50_fpn_1x_coco.py. That file cannot be a
    # base, because it also sets a dataset and a schedule.
    semantic_head=dict(
        type='PanopticFPNHead',
        num_things_classes=80,
        num_stuff_classes=53,
        in_channels=channels,
        inner_channels=128,
        start_level=0,
        end_level=4,
        norm_cfg=dict(type='GN', num_groups=32, requires_grad=True),
        conv_cfg=None,
        loss_seg=dict(type='CrossEntropyLoss', ignore_index=255, loss_weight=0.5),
    ),
    panoptic_fusion_head=dict(
        type='HeuristicFusionHead', num_things_classes=80, num_stuff_classes=53
    ),
    train_cfg=dict(
        rpn_proposal=dict(nms_pre=1000, max_per_img=300),
        rcnn=dict(sampler=dict(num=128)),
    ),
    test_cfg=dict(
        rpn=dict(nms_pre=500, max_per_img=300),
        rcnn=dict(
            score_thr=0.6,
            nms=dict(type='nms', iou_threshold=0.5, class_agnostic=True),
            max_per_img=100,
            mask_thr_binary=0.5,
        ),
        panoptic=dict(mask_overlap=0.5, stuff_area_limit=4096),
    ),
)
