"""What the command lines of `tools/` do to a config before a Runner runs it."""

from .config_file import check_checkpoint_path, load_config
from .evaluation import add_ground_truth, enable_tta, keep_picture_folders
from .launcher import set_launcher
from .runner import build_runner
from .submission import format_only, pack_submission
from .training import enable_amp, enable_auto_scale_lr, set_resume

__all__ = [
    'add_ground_truth',
    'build_runner',
    'check_checkpoint_path',
    'enable_amp',
    'enable_auto_scale_lr',
    'enable_tta',
    'format_only',
    'keep_picture_folders',
    'load_config',
    'pack_submission',
    'set_launcher',
    'set_resume',
]
