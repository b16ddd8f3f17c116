"""What an EPSNet finds in an image before the rules of post-processing.

Legend: D detections, G segments of the ground truth, S stuff classes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from mmdet.structures import DetDataSample
from mmengine.config import ConfigDict
from mmengine.structures import InstanceData
from torch import Tensor, nn

from ...functional import InstanceMasks, claim_pixels
from .solid_ious import TruthIndex


@dataclass(frozen=True)
class Detections:
    """Detections, and how well they fit the ground truth.

    Attributes:
        labels: (D,) thing classes.
        scores: (D,) in [0, 1], descending.
        ious: (D, G) IoU of their masks with all segments.
    """

    labels: np.ndarray
    scores: np.ndarray
    ious: np.ndarray


@dataclass(frozen=True)
class ImageCandidates:
    """Outputs of an image at three stages.

    Attributes:
        score_thr: Detections of lower scores don't reach fusion.
        kept: Detections that reach fusion.
        claimed: (D,) whether fusion kept each of them.
        free_ious: (D, G) IoU of what better ones left of each of them.
        suppressed: Detections after NMS, of all scores; `kept` are among them.
        all: Detections without NMS.
        stuff: (S, G) IoU of the map's stuff without the limit of its area.
        bare_stuff: (S, G) of the semantic map as if there were no instances.
    """

    score_thr: float
    kept: Detections
    claimed: np.ndarray
    free_ious: np.ndarray
    suppressed: Detections
    all: Detections
    stuff: np.ndarray
    bare_stuff: np.ndarray


def find_candidates(
    model: nn.Module,
    inputs: Tensor,
    sample: DetDataSample,
    truth: TruthIndex,
    lowest_score: float,
) -> tuple[ImageCandidates, DetDataSample]:
    """Run the network on one image.

    Args:
        model: An EPSNet in evaluation mode.
        inputs: (1, 3, H, W).
        sample: Of the image; gets the prediction.
        truth: Of the image.
        lowest_score: Detections score higher than this.

    Returns:
        The candidates, and the sample.
    """
    feats = model.extract_feat(inputs)
    prototypes = model.prototype_head(model.fusion_neck(feats))
    logits = model.semantic_head.predict(feats, prototypes)
    outputs = model.bbox_head(feats)

    def detect(**changes: object) -> tuple[InstanceData, InstanceMasks]:
        metas = [sample.metainfo]
        with changed(model.bbox_head, changes):
            found = model.bbox_head.predict_by_feat(*outputs, metas)
        return found[0], model.mask_head.predict(prototypes, found, metas)[0]

    every = dict(
        score_thr=lowest_score, max_per_img=model.bbox_head.test_cfg['nms_pre']
    )
    kept, masks = detect()
    stages = [
        _detections(*found, truth)
        for found in (
            (kept, masks),
            detect(**every),
            detect(**every, nms=ConfigDict(type='nms', iou_threshold=1.0)),
        )
    ]
    nothing = kept[:0], InstanceMasks([], [], masks.size)
    with changed(model.panoptic_fusion_head, dict(stuff_area_limit=0)):
        stuff = [
            _stuff_ious(model, *things, logits, sample, truth)
            for things in ((kept, masks), nothing)
        ]
    claimed, free_ious = _claim(
        masks, model.panoptic_fusion_head.test_cfg['mask_overlap'], truth
    )
    model.fuse([kept], [masks], logits, [sample])
    candidates = ImageCandidates(
        model.bbox_head.test_cfg['score_thr'],
        stages[0],
        claimed,
        free_ious,
        *stages[1:],
        *stuff,
    )
    return candidates, sample


@contextmanager
def changed(head: nn.Module, changes: dict) -> Iterator[None]:
    """A head whose `test_cfg` is changed for a while."""
    own = head.test_cfg
    head.test_cfg = ConfigDict(own, **changes)
    try:
        yield
    finally:
        head.test_cfg = own


def _detections(
    found: InstanceData, masks: InstanceMasks, truth: TruthIndex
) -> Detections:
    ious = [
        truth.mask_ious(mask.cpu().numpy(), window)
        for mask, window in zip(masks.masks, masks.windows, strict=True)
    ]
    return Detections(
        found.labels.cpu().numpy(),
        found.scores.cpu().numpy(),
        np.array(ious).reshape(len(ious), truth.num_segments),
    )


def _stuff_ious(
    model: nn.Module,
    found: InstanceData,
    masks: InstanceMasks,
    logits: Tensor,
    sample: DetDataSample,
    truth: TruthIndex,
) -> np.ndarray:
    fusion = model.panoptic_fusion_head
    (panoptic,) = fusion.predict([masks], [found], logits, [sample.metainfo])
    ids = panoptic.sem_seg[0].cpu().numpy()
    first, other = fusion.num_things_classes, fusion.num_stuff_classes
    # Ids of things are far above all labels.
    stuff = np.where((ids >= first) & (ids < first + other), ids - first, other)
    return truth.label_ious(stuff, other + 1)[:other]


def _claim(
    masks: InstanceMasks, mask_overlap: float, truth: TruthIndex
) -> tuple[np.ndarray, np.ndarray]:
    """Which masks get pixels, and IoU of what is free of each when its turn comes."""
    owner = torch.zeros(masks.size, dtype=torch.int32)
    covered = torch.zeros(masks.size, dtype=torch.bool)
    claimed, ious = [], []
    for rank, (mask, window) in enumerate(
        zip(masks.masks, masks.windows, strict=True), start=1
    ):
        x0, y0, x1, y1 = window
        mask = mask.cpu()
        free = mask & (owner[y0:y1, x0:x1] == 0)
        ious.append(truth.mask_ious(free.numpy(), window))
        got = claim_pixels(owner, covered, mask, window, rank, mask_overlap)
        claimed.append(bool(got.any()))
    shape = len(ious), truth.num_segments
    return np.array(claimed, bool), np.array(ious).reshape(shape)
