"""Panoptic primitives, one per file.

- `segment_ids`: segment ids to and from PNGs
- `segment_runs`: area and box of each segment
- `panoptic_map`: the id map of a data sample
- `categories`: the categories of an annotation file
- `panoptic_annotation`: the table of an image's segments
- `panoptic_json`: the annotation file
- `panoptic_writer`: the annotation file with its PNGs
- `atomic_write`: files that appear complete or not at all
"""
