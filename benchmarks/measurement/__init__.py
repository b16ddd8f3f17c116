"""Measurements of speed and memory, behind `tools/analysis_tools`."""
