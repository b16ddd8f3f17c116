"""Which rule of an EPSNet's post-processing drops segments that the network has.

- `rules`: the rules, with their names in a config.
- `solid_ious`: IoU of masks with the segments of the ground truth, as PQ has it.
- `image_candidates`: what the network finds in an image before the rules.
- `attribution`: the rule behind each miss, and what becomes of dropped detections.
- `summary`: PQ that each rule takes, and a table.
"""
