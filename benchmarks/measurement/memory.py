"""Peak memory of a piece of work."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import torch
from torch.profiler import ProfilerActivity, profile


def peak_memory(work: Callable[[], object], device: torch.device | str) -> float:
    """Peak of what PyTorch allocates during `work`, beyond what it held before, in MiB.

    On CUDA the caching allocator counts. On a CPU the profiler does: it sees tensors,
    but not the workspace of libraries such as oneDNN, nor what the C allocator keeps
    for later. So the figure does not depend on what ran before, as resident memory
    does.
    """
    if torch.device(device).type == 'cuda':
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        work()
        return (torch.cuda.max_memory_allocated() - before) / 2**20
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiler:
        work()
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder, 'trace.json')
        profiler.export_chrome_trace(str(trace))
        events = json.loads(trace.read_text(encoding='utf-8'))['traceEvents']
    return _peak_of_trace(events) / 2**20


def _peak_of_trace(events: list[dict]) -> int:
    """Largest sum of allocations minus releases, in bytes."""
    changes = sorted(
        (event['ts'], event['args']['Bytes'])
        for event in events
        if event['name'] == '[memory]'
    )
    held = peak = 0
    for _, change in changes:
        held += change
        peak = max(peak, held)
    return peak
