"""Tracebacks that are left as they are, and why."""

_CONFIG = (
    "wrong values of a config that MMEngine's or PyTorch's constructors refuse with "
    'their own messages, before the first iteration'
)
_RESUME = (
    'checkpoints with sound checksums whose optimizer state or log somebody has edited'
)
_NAME = 'file names longer than the disk allows, in the words of the system'
#: Surface, part of the place that raises the error, reason.
KNOWN = (
    ('panoptic JSON, metric', 'fileio/backends/local_backend.py', _NAME),
    ('COCO instances converter', 'pathlib', _NAME),
    ('config values', 'site-packages/', _CONFIG),
    ('config values', 'lib/python3', _CONFIG),
    ('config values', 'tests/engine/tiny_runner.py', _CONFIG),
    ('checkpoints, resume', 'site-packages/mmengine/', _RESUME),
    ('checkpoints, resume', 'site-packages/torch/optim/', _RESUME),
    ('checkpoints, resume', 'lib/python3', _RESUME),
)


def reason_for(surface: str, detail: str) -> str | None:
    """Why a traceback is left, or None if it must be repaired.

    Args:
        surface: Where it was met.
        detail: `FILE:LINE: TYPE: MESSAGE`.
    """
    for name, part, reason in KNOWN:
        if name == surface and part in detail.partition(': ')[0]:
            return reason
    return None
