"""Panoptic primitives: segment ids, maps, annotation files and their writer."""
