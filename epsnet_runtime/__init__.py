"""Panoptic segmentation without PyTorch: results, pictures, models in one file."""
