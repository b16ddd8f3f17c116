"""The machine and the versions that a measurement depends on."""

import datetime
import os
import platform
from importlib import import_module
from pathlib import Path

import cv2
import torch

PACKAGES = ('torch', 'mmcv', 'mmengine', 'mmdet')


def describe_machine(device: str) -> dict[str, str]:
    """Date, processor, number of threads and versions, as label and text."""
    lines = {
        'Date': datetime.date.today().isoformat(),
        'Processor': f'{_processor()}, {usable_cores()} cores',
        'Threads': str(torch.get_num_threads()),
        'System': f'{platform.system()} {platform.machine()}, '
        f'Python {platform.python_version()}',
        'Versions': ', '.join(
            f'{name} {import_module(name).__version__}' for name in PACKAGES
        ),
    }
    if torch.device(device).type == 'cuda':
        name = torch.cuda.get_device_name(device)
        lines['GPU'] = f'{name}, CUDA {torch.version.cuda}'
    return lines


def usable_cores() -> int:
    """Cores that this process may use, where the system tells, or else all."""
    if hasattr(os, 'sched_getaffinity'):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def set_threads(threads: int | None) -> None:
    """Limit PyTorch and OpenCV, which resizes images; None leaves their defaults."""
    if threads is not None:
        torch.set_num_threads(threads)
        cv2.setNumThreads(threads)


def _processor() -> str:
    try:
        info = Path('/proc/cpuinfo').read_text(encoding='utf-8')
    except OSError:
        return platform.processor() or 'unknown'
    names = [
        line.split(':', 1)[1].strip()
        for line in info.splitlines()
        if line.startswith('model name')
    ]
    return names[0] if names else platform.machine()
