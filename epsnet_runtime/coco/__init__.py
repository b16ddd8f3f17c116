"""COCO's panoptic format: categories, segment tables, annotation files and PNGs."""
