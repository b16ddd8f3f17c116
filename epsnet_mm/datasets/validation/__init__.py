"""Validation of data sets before training."""
