"""The checkpoint that a training continues from."""

import logging
import numbers
import re
from collections.abc import Mapping
from pathlib import Path

from mmengine.config import Config
from mmengine.logging import print_log

from ..safe_load import load_weights_only
from .config_file import check_checkpoint_path

# What a training needs, and the dicts in it. `best_*.pth` has less.
_NEEDED = {
    'meta': (),
    'state_dict': (),
    'optimizer': (),
    'message_hub': ('log_scalars', 'runtime_info', 'resumed_keys'),
}


def set_resume(cfg: Config, resume: str | None) -> None:
    """Continue a training.

    Args:
        cfg: Changed in place.
        resume: A checkpoint; 'auto' for the latest of the work directory that can
            be loaded (without one, a new training); or None to leave `cfg` as it is.

    Raises:
        FileNotFoundError: If a checkpoint is named that does not exist.
        ValueError: If there are checkpoints, and none can be loaded.
    """
    if resume is None:
        return
    if resume == 'auto':
        resume = find_checkpoint(*_folders(cfg))
        if resume is None:
            print_log(f'No checkpoint in {cfg.work_dir}: a new training.', 'current')
            cfg.resume = False
            return
    else:
        check_checkpoint_path(resume)
    cfg.resume = True
    cfg.load_from = resume


def find_checkpoint(work_dir: Path, *others: Path) -> str | None:
    """The latest checkpoint that a training can continue from.

    The first choice is the one that `last_checkpoint` names. If its folder was
    moved, it is looked for under its name. If it is damaged or absent, the others
    follow, the latest file first, and a warning names each that was skipped.

    Args:
        work_dir: Work directory of the training.
        *others: Other folders in which it may have written checkpoints.

    Returns:
        The path, or None if there are no checkpoints.

    Raises:
        ValueError: If there are checkpoints, and none can be loaded.
    """
    folders = [work_dir, *others]
    pointer = work_dir / 'last_checkpoint'
    named = ''
    if pointer.is_file():
        named = pointer.read_text(encoding='utf-8', errors='replace').strip()
    if '://' in named:
        return named
    candidates = _latest_first(folders)
    if named:
        name = Path(named).name
        first = [Path(named), *(folder / name for folder in folders)]
        candidates = [*filter(Path.is_file, first), *candidates]
        if not any(map(Path.is_file, first)):
            _warn(f'Skipped {name}, which {pointer} names: it does not exist.')
    elif pointer.is_file():
        _warn(f'Skipped {pointer}: it is empty.')
    for path in dict.fromkeys(candidates):
        problem = _problem(path)
        if problem is None:
            return str(path)
        _warn(f'Skipped the checkpoint {path}: {problem}')
    if candidates:
        raise ValueError(
            f'No checkpoint in {work_dir} can be loaded; remove them to start a new '
            'training, or name another one with --resume CHECKPOINT.'
        )
    return None


def _folders(cfg: Config) -> list[Path]:
    """The work directory, and where the checkpoint hook writes to besides."""
    folders = [Path(cfg.work_dir)]
    out_dir = cfg.get('default_hooks', {}).get('checkpoint', {}).get('out_dir')
    if out_dir and '://' not in str(out_dir):
        # As MMEngine's CheckpointHook puts it together.
        folders.append(Path(out_dir) / Path(cfg.work_dir).absolute().name)
    return folders


def _latest_first(folders: list[Path]) -> list[Path]:
    """Checkpoints to continue from, by time and then by the number in the name."""
    paths = [
        path
        for folder in folders
        for path in folder.glob('*_*.pth')
        if re.search(r'_\d+$', path.stem) and not path.name.startswith('best_')
    ]
    return sorted(
        paths,
        key=lambda path: (path.stat().st_mtime, int(path.stem.split('_')[-1])),
        reverse=True,
    )


def _problem(path: Path) -> str | None:
    """Why a training cannot continue from a checkpoint, or None if it can."""
    try:
        checkpoint = load_weights_only(str(path), map_location='cpu')
    except (ValueError, OSError, RuntimeError) as error:
        return str(error)
    found = checkpoint if isinstance(checkpoint, dict) else {}
    missing = [key for key in _NEEDED if key not in found]
    if missing:
        return f'it has no {", ".join(missing)}.'
    for key, inner in _NEEDED.items():
        value = found[key]
        if not isinstance(value, Mapping) or not all(
            isinstance(value.get(each, {}), Mapping) for each in inner
        ):
            return f'its `{key}` is not what a training writes.'
    seed = found['meta'].get('seed')
    if not isinstance(seed, numbers.Integral | None):
        return f'its `meta.seed` is {seed!r}, which is no whole number.'
    return None


def _warn(message: str) -> None:
    print_log(message, 'current', logging.WARNING)
