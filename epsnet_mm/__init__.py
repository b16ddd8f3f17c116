"""EPSNet: efficient panoptic segmentation on MMDetection.

Importing the package registers its components in MMDetection's registries. It
changes nothing in other packages, with two exceptions: `environment.mmcv_ops`, and the
name `ConcatDataset` in the registry, which stands for `datasets.EPSNetConcatDataset`.
"""

from .environment.check_command import said_by_check_command
from .environment.config_files import config_path
from .environment.mmcv_ops import ensure_mmcv_ops
from .environment.quiet_import import import_quietly
from .environment.versions import check_versions

with said_by_check_command():
    # Before anything of the packages that it checks.
    check_versions()
    # Before anything that imports mmdet.models: that import needs mmcv's ops.
    ensure_mmcv_ops()
import_quietly('mmdet.datasets', 'mmdet.evaluation')

from . import apis, datasets, engine, evaluation, models, visualization
from .aliases import register_old_class_names
from .version import __version__

register_old_class_names()

__all__ = ['__version__', 'config_path']
