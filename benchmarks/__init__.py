"""Measurements of speed and memory, run as `python -m benchmarks.NAME`.

The commands are the modules of this folder: `panoptic` (whole detectors),
`postprocess`, `attention`, `training`, `evaluation`. They parse arguments and print;
`measurement` measures and reports.
"""

# Registers the components, also in the processes that a benchmark starts.
import epsnet_mm
