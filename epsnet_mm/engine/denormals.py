"""Keeps a CPU fast when numbers become tiny."""

import numpy as np
import torch


def flush_denormals() -> None:
    """Make this process treat numbers below 1e-38 as 0.

    A CPU computes with such denormal numbers many times more slowly. The
    attention's softmax has no 1 / sqrt(d) (equations 4 and 5), so most of its
    weights soon become denormal, and their gradients too. docs/benchmark.md gives
    the cost. A GPU is not affected.

    Call it first: a thread inherits the setting from the thread that starts it,
    and PyTorch starts its threads with the first large operation.
    """
    # NumPy warns when it first looks for the smallest number and finds 0.
    np.finfo(np.float32), np.finfo(np.float64)
    torch.set_flush_denormal(True)
