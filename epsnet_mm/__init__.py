"""EPSNet: efficient panoptic segmentation on MMDetection.

Importing the package registers its components in MMDetection's registries.
"""
from .utils.mmcv_ops import ensure_mmcv_ops

# Before anything that imports mmdet.models: that import needs mmcv's ops.
ensure_mmcv_ops()

from . import (apis, datasets, engine, evaluation, models,  # noqa: E402, F401
               visualization)
from .version import __version__  # noqa: E402

__all__ = ['__version__']
