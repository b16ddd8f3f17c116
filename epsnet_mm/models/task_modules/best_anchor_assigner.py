"""Matching of anchors and objects."""

import torch
from mmdet.models.task_modules import AssignResult, BaseAssigner
from mmdet.registry import TASK_UTILS
from mmdet.structures.bbox import bbox_overlaps
from mmengine.structures import InstanceData
from torch import Tensor


@TASK_UTILS.register_module()
class BestAnchorAssigner(BaseAssigner):
    """IoU thresholds, and at least one positive anchor for each object.

    Differs from upstream's `MaxIoUAssigner` in two points (released network):

    - Each object gets its best anchor as a positive one. If two objects have the
      same best anchor, the one with the larger IoU gets it, and the other object
      its next best.
    - An anchor in a crowd is ignored only if it isn't positive.

    Args:
        pos_iou_thr: An anchor with at least this IoU is positive.
        neg_iou_thr: An anchor with less than this is background; one between both
            thresholds is ignored.
        crowd_iof_thr: A non-positive anchor with more than this share of its
            area in one crowd box is ignored.
    """

    def __init__(
        self,
        pos_iou_thr: float = 0.5,
        neg_iou_thr: float = 0.4,
        crowd_iof_thr: float = 0.7,
    ) -> None:
        self.pos_iou_thr = pos_iou_thr
        self.neg_iou_thr = neg_iou_thr
        self.crowd_iof_thr = crowd_iof_thr

    def assign(
        self,
        pred_instances: InstanceData,
        gt_instances: InstanceData,
        gt_instances_ignore: InstanceData | None = None,
        **kwargs,
    ) -> AssignResult:
        """Match the anchors of one image.

        Args:
            pred_instances: `priors`, (A, 4) anchors as x1, y1, x2, y2.
            gt_instances: `bboxes`, (G, 4), and `labels`, (G,).
            gt_instances_ignore: `bboxes` of crowds.

        Returns:
            `gt_inds` (A,): -1 = ignored, 0 = background, g + 1 = object g.
        """
        anchors = pred_instances.priors
        objects, labels = gt_instances.bboxes, gt_instances.labels
        gt_inds = anchors.new_zeros(len(anchors), dtype=torch.long)
        max_iou = anchors.new_zeros(len(anchors))
        if len(objects):
            iou = bbox_overlaps(objects, anchors)
            max_iou, nearest = iou.max(dim=0)
            owners = own_anchors(iou)
            nearest[owners] = torch.arange(len(objects), device=anchors.device)
            max_iou[owners] = max_iou[owners].clamp(min=self.pos_iou_thr)
            gt_inds[max_iou >= self.neg_iou_thr] = -1
            gt_inds = torch.where(max_iou >= self.pos_iou_thr, nearest + 1, gt_inds)
        if gt_instances_ignore is not None and len(gt_instances_ignore.bboxes):
            share = bbox_overlaps(anchors, gt_instances_ignore.bboxes, mode='iof')
            in_crowd = share.amax(dim=1) > self.crowd_iof_thr
            gt_inds[in_crowd & (gt_inds <= 0)] = -1
        assigned = torch.full_like(gt_inds, -1)
        if len(objects):
            matched = labels[gt_inds.clamp(min=1) - 1]
            assigned = torch.where(gt_inds > 0, matched, assigned)
        return AssignResult(len(objects), gt_inds, max_iou, labels=assigned)


def own_anchors(iou: Tensor) -> Tensor:
    """A different anchor for each object; pairs with the largest IoU come first.

    Args:
        iou: (G, A), with G <= A.

    Returns:
        (G,) anchor indices, all different.
    """
    best_iou, best = iou.max(dim=1)
    # The common case: all best anchors are different.
    if len(best.unique()) == len(best):
        return best
    iou = iou.clone()
    for _ in range(len(iou)):
        best_iou, anchor_of = iou.max(dim=1)
        owner = best_iou.argmax()
        best[owner] = anchor_of[owner]
        iou[:, anchor_of[owner]] = -1
        iou[owner] = -2
    return best
