# A small EPSNet that trains from scratch on a CPU: ResNet-18 with trainable
# normalisation, a pyramid of 128 channels, Fast NMS (no compiled ops).
_base_ = './epsnet_r50_fpn.py'

channels = 128

model = dict(
    backbone=dict(
        depth=18, norm_cfg=dict(requires_grad=True), norm_eval=False, init_cfg=None),
    neck=dict(in_channels=[64, 128, 256, 512], out_channels=channels),
    fusion_neck=dict(in_channels=channels, embed_channels=channels // 2),
    prototype_head=dict(in_channels=channels, feat_channels=channels),
    bbox_head=dict(in_channels=channels, feat_channels=channels),
    # Inputs below 257 px leave P7 smaller than the 3x3 convolution.
    semantic_head=dict(in_channels=channels, feat_channels=channels, padding=1),
    test_cfg=dict(
        bbox_head=dict(
            nms=dict(_delete_=True, type='fast_nms', iou_threshold=0.5, top_k=200))))
