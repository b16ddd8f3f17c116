"""Conversion of weights from other code."""
