"""Lets MMDetection's models import where mmcv was built without its ops."""


def ensure_mmcv_ops() -> None:
    """Make `import mmcv.ops` work; see helper A's version."""
