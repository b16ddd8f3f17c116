"""From the network's outputs for one image to its segments, as parts of a graph."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from mmdet.models.detectors import BaseDetector
from torch import Tensor
from torch._higher_order_ops.scan import scan

from ..functional import (
    BilinearAxis,
    claim_pixels,
    graph_greedy_nms,
    graph_label_rows,
    image_boxes,
    image_windows,
    label_areas,
    linear_combination,
    mask_box,
    prototype_windows,
    scale_boxes,
    source_rows,
    upsample_window,
)
from ..functional.semantic import ROWS

Axes = tuple[BilinearAxis, BilinearAxis]


class ImageSegments:
    """Detections, masks, overlaps, stuff: the post-processing of one image.

    Args:
        model: An `EPSNet`.
        size: (height, width) of the network's input.
    """

    def __init__(self, model: BaseDetector, size: tuple[int, int]) -> None:
        self.head = model.bbox_head
        self.head.run_nms = _greedy_nms
        self.size = size
        self.mask_head = model.mask_head
        self.mask_threshold = model.mask_head.test_cfg['mask_thr_binary']
        self.num_things = model.panoptic_fusion_head.num_things_classes
        self.num_stuff = model.panoptic_fusion_head.num_stuff_classes
        self.max_things = self.head.test_cfg.max_per_img

    def of_image(
        self,
        anchors: Tensor,
        mask_axes: Axes,
        stuff_axes: Axes,
        canvas: Tensor,
        thresholds: tuple[Tensor, Tensor, Tensor],
    ) -> Callable:
        """The body of the loop over images.

        Args:
            anchors: (A, 4) in input pixels.
            mask_axes: From prototypes to the image.
            stuff_axes: From semantic logits to the image.
            canvas: (H, W) zeros.
            thresholds: Score, overlap, stuff area.
        """
        down, across = (axis.matrix for axis in mask_axes)
        taps, columns = stuff_axes[0].taps, stuff_axes[1].matrix
        min_score, max_overlap, min_area = thresholds

        def body(carry: list, outputs: list) -> tuple[list, list]:
            probs, deltas, coeffs, prototypes, semantic = outputs
            boxes, scores, labels, found = self.head.detect(
                anchors, probs, deltas, min_score
            )
            # The end of a loop is easier for all runtimes than an empty one: an
            # instance without pixels comes last.
            boxes = torch.cat([boxes, boxes.new_full((1, 4), -1e4)])
            coeffs = torch.cat([coeffs[found], coeffs[:1]])
            height, width = self.size
            relative = scale_boxes(boxes, 1 / width, 1 / height)
            terms = self.mask_head.mask_terms(prototypes, coeffs, relative)
            masks = linear_combination(*terms).sigmoid()
            sources, targets = self.windows(boxes, masks, canvas)
            owner, covered, areas, tight = self.overlaps(
                masks, sources, targets, canvas, down, across, max_overlap
            )
            stuff = self.stuff(semantic, owner, covered, taps, columns)
            return [carry[0].clone()], self.table(
                owner, stuff, scores, labels, areas, tight, min_area
            )

        return body

    def windows(
        self,
        boxes: Tensor,
        masks: Tensor,
        canvas: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Windows of the masks, (D, 4) each, in prototype pixels and in the image."""
        height, width = self.size
        h, w = masks.shape[-2:]
        relative = scale_boxes(boxes, 1 / width, 1 / height)
        # A box without a whole pixel of the image has no mask.
        meta = dict(img_shape=self.size, ori_shape=canvas.shape)
        corners = image_boxes(boxes, meta).long()
        empty = (corners[:, 2:] <= corners[:, :2]).any(dim=1, keepdim=True)
        scaled = scale_boxes(relative, w, h).masked_fill(empty, -2)
        sources = prototype_windows(scaled, (h, w))
        scales = h / canvas.shape[0], w / canvas.shape[1]
        return sources, image_windows(sources, scales, canvas.shape)

    def overlaps(
        self,
        masks: Tensor,
        sources: Tensor,
        targets: Tensor,
        canvas: Tensor,
        down: Tensor,
        across: Tensor,
        max_overlap: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Owner of each pixel, pixels inside any mask; area and box of each segment."""

        def claim(carry: list, instance: list) -> tuple[list, list]:
            owner, covered = carry[0].clone(), carry[1].clone()
            prob, source, target, rank = instance
            source = _window(source, prob.shape)
            window = _window(target, owner.shape)
            mask = upsample_window(prob, source, window, down, across)
            mask = mask > self.mask_threshold
            claimed = claim_pixels(owner, covered, mask, window, rank, max_overlap)
            corner = target[:2].repeat(2)
            return [owner, covered], [claimed.sum(), mask_box(claimed) + corner]

        ranks = torch.arange(1, len(masks) + 1, dtype=canvas.dtype)
        (owner, covered), (areas, boxes) = scan(
            claim, [canvas, canvas.bool()], [masks, sources, targets, ranks]
        )
        return owner, covered, areas[:-1], boxes[:-1]

    def stuff(
        self,
        semantic: Tensor,
        owner: Tensor,
        covered: Tensor,
        taps: tuple[Tensor, ...],
        columns: Tensor,
    ) -> Tensor:
        """(H, W) int64 semantic labels, "other" where an instance owns the pixel."""
        height = covered.shape[0]
        slabs = (height + ROWS - 1) // ROWS
        rows = torch.arange(slabs * ROWS).clamp(max=height - 1)
        parts = [x[rows].unflatten(0, (slabs, ROWS)) for x in (covered, *taps)]
        count = source_rows(ROWS, semantic.shape[-2], height)
        offsets = torch.arange(count)

        def label(carry: list, slab: list) -> tuple[list, list]:
            covered, *taps = slab
            labels = graph_label_rows(semantic, covered, tuple(taps), columns, offsets)
            return [carry[0].clone()], [labels]

        _, (labels,) = scan(label, [semantic.new_zeros(())], parts)
        labels = labels.flatten(0, 1)[:height]
        return labels.masked_fill(owner > 0, self.num_stuff)

    def table(
        self,
        owner: Tensor,
        stuff: Tensor,
        scores: Tensor,
        classes: Tensor,
        areas: Tensor,
        boxes: Tensor,
        min_area: Tensor,
    ) -> list[Tensor]:
        """The map of segment numbers, and a row for each possible segment.

        Returns:
            Map (H, W) int32; presence, class, score, area and box of the S stuff
            classes and of as many things as there may be.
        """
        padding = (0, self.max_things - len(scores))
        stuff_area = label_areas(stuff, self.num_stuff + 1)[:-1]
        kept = (stuff_area >= min_area) & (stuff_area > 0)
        area = torch.cat([stuff_area, F.pad(areas, padding)])
        present = torch.cat([kept, F.pad(areas > 0, padding)])
        number = present.int().cumsum(0, dtype=torch.int32) * present
        number = number.int()
        # One table for both: instance d has the row S + d + 1.
        void = number.new_zeros(1)
        lookup = torch.cat([number[: self.num_stuff], void, number[self.num_stuff :]])
        stuff_classes = torch.arange(self.num_stuff) + self.num_things
        score = torch.cat(
            [scores.new_full((self.num_stuff,), torch.nan), F.pad(scores, padding)]
        )
        box = torch.cat([self.stuff_boxes(stuff, kept), F.pad(boxes, (0, 0, *padding))])
        classes = torch.cat([stuff_classes, F.pad(classes, padding)])
        return [lookup[stuff + owner], present, classes, score, area, box.float()]

    def stuff_boxes(self, stuff: Tensor, kept: Tensor) -> Tensor:
        """(S, 4) tight boxes of the stuff classes that are kept, 0 of the others.

        Args:
            stuff: (H, W) labels.
            kept: (S,) bool.
        """

        def measure(carry: list, label: list) -> tuple[list, list]:
            return [carry[0].clone()], [mask_box(stuff == label[0])]

        found = kept.nonzero()[:, 0]
        # See `of_image`: "other" comes last, so that the loop has a step.
        labels = torch.cat([found, found.new_full((1,), self.num_stuff)])
        _, (boxes,) = scan(measure, [stuff.new_zeros(())], [labels])
        empty = boxes.new_zeros(self.num_stuff + 1, 4)
        return empty.index_put((labels,), boxes)[: self.num_stuff]


def _greedy_nms(boxes: Tensor, scores: Tensor, labels: Tensor, nms: dict) -> Tensor:
    """For `EPSNetInstanceHead.run_nms`."""
    return graph_greedy_nms(boxes, scores, labels, nms['iou_threshold'])


def _window(corners: Tensor, size: tuple[int, int]) -> list[int]:
    """x_first, y_first, x_end, y_end as sizes of the graph, inside of (h, w)."""
    x0, y0, x1, y1 = corners.tolist()
    for first, end, length in ((x0, x1, size[1]), (y0, y1, size[0])):
        torch._check(first >= 0)
        torch._check(end >= first)
        torch._check(first <= length)
        torch._check(end <= length)
    return [x0, y0, x1, y1]
