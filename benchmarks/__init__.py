"""Measurements of speed and memory, run as `python -m benchmarks.NAME`.

The commands are the modules of this folder, such as `panoptic` (whole detectors) and
`cpu_leaderboard` (networks and exported files on a CPU). They parse arguments and
print; `measurement` measures and reports.
"""

# Registers the components, also in the processes that a benchmark starts.
import epsnet_mm
