"""What PQ would be if one part of an EPSNet were perfect.

- `truth`: the ground truth of an image, in the form of the network's outputs.
- `image_parts`: the outputs of an image before fusion, with their objects.
- `replacements`: each puts the truth in place of one part.
- `oracle_runs`: PQ with each replacement, over a dataset.
"""
