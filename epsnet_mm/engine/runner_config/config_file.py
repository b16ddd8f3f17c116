"""The files that a command line names."""

from pathlib import Path

from mmengine.config import Config


def load_config(
    path: str, cfg_options: dict | None = None, work_dir: str | None = None
) -> Config:
    """Read a config and settle its working directory.

    Args:
        path: Config file.
        cfg_options: Dotted keys and values that override it.
        work_dir: Takes precedence over the config's own `work_dir`; without
            either it is `./work_dirs/<config name>`.

    Raises:
        FileNotFoundError: If there is no such file.
    """
    if not Path(path).is_file():
        raise FileNotFoundError(
            f'Config file {path} does not exist; give the '
            'path of a .py file, such as one in configs/.'
        )
    cfg = Config.fromfile(path)
    if cfg_options is not None:
        cfg.merge_from_dict(cfg_options)
    if work_dir is not None:
        cfg.work_dir = work_dir
    elif cfg.get('work_dir') is None:
        cfg.work_dir = str(Path('work_dirs') / Path(path).stem)
    return cfg


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
