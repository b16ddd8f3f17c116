"""The files that a command line names."""

import copy
from pathlib import Path

from mmengine.config import Config

from .override_check import check_overrides, check_places, check_variables
from .value_check import check_values


def load_config(
    path: str,
    cfg_options: dict | None = None,
    work_dir: str | None = None,
    allow_new_keys: bool = False,
) -> Config:
    """Read a config and settle its working directory.

    Args:
        path: Config file.
        cfg_options: Dotted keys and values that override it.
        work_dir: Takes precedence over the config's own `work_dir`; without
            either it is `./work_dirs/<config name>`.
        allow_new_keys: Set keys that nothing is known to read, too.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If an option names a key that nothing would read, or a value would
            fail only after a training has begun.
    """
    if not Path(path).is_file():
        raise FileNotFoundError(
            f'Config file {path} does not exist; give the '
            'path of a .py file, such as one in configs/.'
        )
    cfg = Config.fromfile(path)
    if cfg_options:
        cfg = _override(cfg, cfg_options, allow_new_keys)
    check_values(cfg)
    if work_dir is not None:
        cfg.work_dir = work_dir
    elif cfg.get('work_dir') is None:
        cfg.work_dir = str(Path('work_dirs') / Path(path).stem)
    return cfg


def _override(cfg: Config, options: dict, allow_new_keys: bool) -> Config:
    """Set dotted keys of a config; the one given stays as it is."""
    if not allow_new_keys:
        check_variables(cfg, options)
    check_places(cfg, options)
    # MMEngine takes `_delete_` out of the options.
    overridden = copy.deepcopy(cfg)
    try:
        overridden.merge_from_dict(copy.deepcopy(options))
    # MMEngine meets a dict where there is none, or the other way round.
    except (AttributeError, TypeError, KeyError, IndexError) as error:
        raise ValueError(
            f'--cfg-options cannot set {", ".join(options)}, because the config has '
            'a value of another kind there; give one of the same kind, or add '
            '._delete_=True to a dict.'
        ) from error
    if not allow_new_keys:
        check_overrides(cfg, overridden, options)
    return overridden


def check_checkpoint_path(path: str) -> None:
    """Stop early where a local checkpoint is not there.

    Raises:
        FileNotFoundError: If `path` is no address and no file.
    """
    if '://' not in path and not Path(path).expanduser().is_file():
        raise FileNotFoundError(
            f'Checkpoint {path} does not exist; give the path of a .pth file, '
            'which training writes to its work directory.'
        )
