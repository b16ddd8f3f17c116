"""Several processes, with and without a GPU."""

import atexit
import gc
import os
import signal
from datetime import timedelta

import torch
import torch.distributed as torch_dist
from mmengine.config import Config

from ..end_with_parent import end_with_parent


def set_launcher(cfg: Config, launcher: str) -> None:
    """Prepare for several processes, on a machine without GPU too.

    MMEngine starts a process group only with a GPU, even for gloo. Without a GPU
    the group is started here, from the variables that `torchrun` sets, and the
    model is wrapped without device numbers. The group ends with the process, and has
    the timeout of `env_cfg.dist_cfg.timeout`, in seconds. If `torchrun` is killed, its
    processes get SIGTERM.

    Args:
        cfg: Changed in place.
        launcher: 'none', 'pytorch', 'slurm' or 'mpi'.

    Raises:
        ValueError: If there is no GPU and the launcher is not torchrun's.
        RuntimeError: If the process was not started by torchrun.
    """
    cfg.launcher = launcher
    if launcher == 'pytorch' and 'RANK' in os.environ:
        end_with_parent(signal.SIGTERM)
    if launcher == 'none' or torch.cuda.is_available():
        return
    if launcher != 'pytorch':
        raise ValueError(
            f'--launcher {launcher} needs a GPU; without one, '
            'start with torchrun and --launcher pytorch.'
        )
    if 'RANK' not in os.environ:
        raise RuntimeError(
            '--launcher pytorch needs torchrun, which '
            'tools/dist_train.sh and dist_test.sh start.'
        )
    cfg.merge_from_dict({'env_cfg.dist_cfg.backend': 'gloo'})
    # What MMEngine takes with GPUs if the config has no wrapper of its own.
    default = dict(
        type='MMDistributedDataParallel',
        broadcast_buffers=False,
        find_unused_parameters=cfg.get('find_unused_parameters', False),
    )
    wrapper = cfg.get('model_wrapper_cfg') or default
    cfg.model_wrapper_cfg = dict(wrapper, device_ids=None)
    if not torch_dist.is_initialized():
        timeout = cfg.env_cfg.dist_cfg.get('timeout')
        torch_dist.init_process_group(
            'gloo', timeout=timeout and timedelta(seconds=timeout)
        )
        atexit.register(_leave_process_group)


def _leave_process_group() -> None:
    """End gloo's threads while the interpreter is still there.

    A thread that frees its last tensors after the interpreter aborts the process,
    and a finished training looks like a failed one. The Runner's model is freed
    first: if it were the last owner of the group, both would wait for each other.
    """
    gc.collect()
    if torch_dist.is_initialized():
        torch_dist.destroy_process_group()
