"""Panoptic primitives, one per file.

- `segment_ids`: segment ids from PNGs
- `panoptic_map`: the id map of a data sample
- `segment_numbers`: the segments of such a map, numbered from 1
- `panoptic_json`: reads annotation files
- `panoptic_schema`, `instances_schema`: what must be in them
- `json_file`: parses JSON that others have written
- `label_range`: which labels a dataset can have
- `atomic_write`: images that appear complete or not at all

What writes COCO's files is in `epsnet_runtime.coco`, which needs no PyTorch.
"""
