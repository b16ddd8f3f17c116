"""What may take a segment away between the network's output and the panoptic map."""

from enum import IntEnum


class Rule(IntEnum):
    """Why an object has no segment; the first one that fits decides.

    - COVERED: a detection fits the object (IoU > 0.5), but better ones lie on it, so
      that what is left does not fit.
    - OVERLAP: what better ones leave of it would fit, but is dropped.
    - LIMIT, SCORE, NMS, SCORE_NMS: a detection fits the object, and does not reach
      fusion; with the last one for two reasons.
    - SMALL_STUFF: stuff fits, and is dropped for its size.
    - UNDER_THINGS: stuff would fit if no instance lay on it.
    - NETWORK: no output fits.
    """

    NETWORK = 0
    SCORE = 1
    NMS = 2
    SCORE_NMS = 3
    LIMIT = 4
    OVERLAP = 5
    COVERED = 6
    SMALL_STUFF = 7
    UNDER_THINGS = 8

    @property
    def title(self) -> str:
        """Name in tables and files: the key of `model.test_cfg`, if there is one."""
        return _TITLES[self]


_TITLES = {
    Rule.NETWORK: 'no output fits',
    Rule.SCORE: 'bbox_head.score_thr',
    Rule.NMS: 'bbox_head.nms.iou_threshold',
    Rule.SCORE_NMS: 'bbox_head.score_thr and nms.iou_threshold',
    Rule.LIMIT: 'bbox_head.max_per_img',
    Rule.OVERLAP: 'panoptic.mask_overlap',
    Rule.COVERED: 'covered by better detections',
    Rule.SMALL_STUFF: 'panoptic.stuff_area_limit',
    Rule.UNDER_THINGS: 'stuff under instances',
}
