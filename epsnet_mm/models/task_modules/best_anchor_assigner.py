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

    Every object asks for its best anchor. Where several ask for the same, the best
    pair keeps it, and the others ask for their next best in the following round.
    This ends in the pairs that taking the best of all remaining pairs, one after the
    other, would find. Equal pairs go to the first object, then the first anchor.

    Args:
        iou: (G, A), with G <= A.

    Returns:
        (G,) anchor indices, all different.
    """
    order = torch.arange(len(iou), device=iou.device)
    earlier = order < order[:, None]
    while True:
        best_iou, best = iou.max(dim=1)
        # (G, G): is the anchor of the row's object better used by the column's?
        better = best_iou > best_iou[:, None]
        better |= (best_iou == best_iou[:, None]) & earlier
        refused = (better & (best == best[:, None])).any(dim=1)
        # The only wait for the device; in the common case it comes once.
        if not refused.any():
            return best
        refused_iou = best_iou.masked_fill(refused, -1)
        iou = iou.scatter(1, best[:, None], refused_iou[:, None])
