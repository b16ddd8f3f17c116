"""The part of the COCO panopticapi that MMDetection uses."""
