# What the authors' released weights need, as a leaf's `model`: the logit of
# "unlabelled", which was never a target, and the Fast NMS of their evaluation.
official_weights = dict(
    semantic_head=dict(num_unused_classes=1),
    test_cfg=dict(
        bbox_head=dict(
            nms=dict(_delete_=True, type='fast_nms', iou_threshold=0.5, top_k=200)
        )
    ),
)
