"""Print how many compilers may run at once.

As many as there are processors, but one for each 2 GB of memory: torch's headers are
large, and a machine that runs out of memory kills the compiler.
"""

import os
import re
from pathlib import Path

MEMORY_PER_JOB = 2 * 10**9


def available_memory(meminfo: Path = Path('/proc/meminfo')) -> int:
    """Free memory in bytes; all memory where the system does not tell, as macOS."""
    if meminfo.exists():
        text = meminfo.read_text(encoding='utf-8')
        found = re.search(r'^MemAvailable: *(\d+) kB$', text, re.MULTILINE)
        if found:
            return 1024 * int(found.group(1))
    return os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES')


def available_processors() -> int:
    """Processors that this process may use."""
    if hasattr(os, 'sched_getaffinity'):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def compile_jobs(processors: int, memory: int) -> int:
    """The number of compilers for so many processors and bytes of memory."""
    return max(1, min(processors, memory // MEMORY_PER_JOB))


if __name__ == '__main__':
    print(compile_jobs(available_processors(), available_memory()))
