"""What to look at for each cause; docs/error_analysis.md has the same in a table."""

from ...evaluation.pq_terms.causes import Cause

ADVICE = {
    Cause.BOUNDARY: 'The object is found, its outline is not exact. Try a larger input '
    'or another `mask_head.mask_thr_binary`.',
    Cause.LOCALIZATION: 'Right class, too little overlap. Look at the anchors, the '
    'input size and the training time.',
    Cause.WRONG_THING: 'Right shape, another thing class. See which classes are '
    'confused, below.',
    Cause.WRONG_STUFF: 'Right shape, another stuff class. See which classes are '
    'confused, and the weight of the semantic loss.',
    Cause.WRONG_KIND: 'A thing for stuff or the reverse. A low `bbox_head.score_thr` '
    'gives false things, a high one false stuff.',
    Cause.SPLIT: 'One object in several pieces. Try a lower '
    '`bbox_head.nms.iou_threshold`.',
    Cause.MERGED: 'Several objects as one. Try a higher '
    '`bbox_head.nms.iou_threshold`, or a larger input.',
    Cause.DUPLICATE: 'A second prediction on an object that has one. Try a lower '
    '`bbox_head.nms.iou_threshold`.',
    Cause.VOID_CROWD: 'Void or a crowd makes the difference. Look at the labels.',
    Cause.MISSED_VOID: 'No prediction where the object is. Try a lower '
    '`bbox_head.score_thr` or `panoptic.stuff_area_limit`.',
    Cause.MISSED_COVERED: 'Other segments lie on the object. A higher '
    '`panoptic.mask_overlap` keeps more of what is partly covered.',
    Cause.SPURIOUS: 'Nothing of this class is there. Try a higher '
    '`bbox_head.score_thr` or `panoptic.stuff_area_limit`.',
}
