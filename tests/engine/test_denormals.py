"""In a process of its own, as nothing undoes the setting in all threads."""

import subprocess
import sys

SCRIPT = """
import numpy, torch
from epsnet_mm.engine.denormals import flush_denormals
flush_denormals()
# 2^-127, below the smallest normal number, and enough of it for all threads.
small = torch.full((1 << 20, ), 2.0**-126) * 0.5
assert (small.view(torch.int32) == 0).all(), small
numpy.finfo(numpy.float32)
"""


def test_all_threads_flush_and_numpy_keeps_quiet(repo_root):
    result = subprocess.run(
        [
            sys.executable,
            '-W',
            'error:The value of the smallest subnormal',
            '-c',
            SCRIPT,
        ],
        capture_output=True,
        text=True,
        cwd=repo_root,
    )

    assert result.returncode == 0, result.stderr
