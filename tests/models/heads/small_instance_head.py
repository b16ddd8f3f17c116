"""An instance head for images of 32 px, with one anchor in each of 20 cells."""

import torch
from mmdet.registry import MODELS
from mmengine.config import ConfigDict

T, K = 3, 4
ANCHORS = dict(
    type='ImageAnchorGenerator',
    strides=[8, 16],
    base_sizes=[8, 16],
    scales=[1.0],
    ratios=[1.0],
)
INPUT = (32, 32)  # 4 x 4 and 2 x 2 cells, one anchor each


def small_head(nms=None, neg_pos_ratio=3, **test_cfg):
    nms = nms or dict(type='fast_nms', iou_threshold=0.5, top_k=200)
    torch.manual_seed(0)
    return MODELS.build(
        dict(
            type='EPSNetInstanceHead',
            num_classes=T,
            in_channels=8,
            feat_channels=8,
            num_prototypes=K,
            anchor_generator=ANCHORS,
            loss_cls=dict(
                type='HardNegativeCrossEntropyLoss', neg_pos_ratio=neg_pos_ratio
            ),
            norm_cfg=dict(type='GN', num_groups=4),
            train_cfg=ConfigDict(assigner=dict(type='BestAnchorAssigner')),
            test_cfg=ConfigDict(
                **{
                    **dict(score_thr=0.3, nms_pre=50, nms=nms, max_per_img=100),
                    **test_cfg,
                }
            ),
        )
    )


def pyramid(batch=2):
    generator = torch.Generator().manual_seed(1)
    return [torch.randn(batch, 8, x, x, generator=generator) for x in (4, 2)]
