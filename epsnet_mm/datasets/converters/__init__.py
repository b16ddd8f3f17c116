"""Conversion of other annotation formats to COCO panoptic."""
