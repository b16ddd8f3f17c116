"""What the command lines of `tools/` do to a config before a Runner runs it."""

from .batch_scale import count_processes, enable_auto_scale_lr
from .config_file import check_checkpoint_path, load_config
from .evaluation import add_ground_truth, enable_tta, keep_picture_folders
from .kept_results import keep_results
from .launcher import set_launcher
from .resume import set_resume
from .runner import build_runner
from .submission import format_only, pack_submission
from .training import enable_amp, enable_save_on_signal

__all__ = [
    'add_ground_truth',
    'build_runner',
    'check_checkpoint_path',
    'count_processes',
    'enable_amp',
    'enable_auto_scale_lr',
    'enable_save_on_signal',
    'enable_tta',
    'format_only',
    'keep_picture_folders',
    'keep_results',
    'load_config',
    'pack_submission',
    'set_launcher',
    'set_resume',
]
