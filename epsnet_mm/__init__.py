"""EPSNet: efficient panoptic segmentation on MMDetection.

Importing the package registers its components in MMDetection's registries.
"""

from .environment.mmcv_ops import ensure_mmcv_ops
from .environment.versions import check_versions

check_versions()
# Before anything that imports mmdet.models: that import needs mmcv's ops.
ensure_mmcv_ops()

from . import apis, datasets, engine, evaluation, models, visualization
from .aliases import register_old_class_names
from .version import __version__

register_old_class_names()

__all__ = ['__version__']
