"""The Runner that a config and a command line ask for."""

from mmengine.config import Config
from mmengine.registry import RUNNERS
from mmengine.runner import Runner

from ..quiet_runner import QuietRunner


def build_runner(cfg: Config, quiet: bool = False) -> Runner:
    """Build the config's Runner.

    Args:
        cfg: Its `runner_type` names a class other than MMEngine's `Runner`.
        quiet: Show progress and results on the console, and nothing else.

    Raises:
        ValueError: If both `quiet` and `runner_type` are given.
    """
    if quiet:
        if 'runner_type' in cfg:
            raise ValueError(
                f'--quiet needs its own runner, but the config has runner_type='
                f'{cfg.runner_type}; leave out one of the two.'
            )
        return QuietRunner.from_cfg(cfg)
    return RUNNERS.build(cfg) if 'runner_type' in cfg else Runner.from_cfg(cfg)
