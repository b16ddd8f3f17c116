"""Measurements of speed and memory, run as `python -m benchmarks.NAME`."""

# Registers the components, in the processes too that a benchmark starts.
import epsnet_mm
