"""Keeps a CPU fast where numbers get tiny."""

import numpy as np
import torch


def flush_denormals() -> None:
    """Let this process take numbers below 1e-38 for 0.

    Arithmetic with such denormal numbers takes a CPU many times longer. The
    attention's softmax has no 1 / sqrt(d) (equations 4 and 5), so most of its
    weights are denormal soon, and the gradients behind them; docs/benchmark.md
    tells what that costs. A GPU isn't affected.

    To be called first: a thread takes the setting over from the one that starts
    it, and PyTorch starts its threads with the first large operation.
    """
    # NumPy warns when it first looks for the smallest number and finds 0.
    np.finfo(np.float32), np.finfo(np.float64)
    torch.set_flush_denormal(True)
