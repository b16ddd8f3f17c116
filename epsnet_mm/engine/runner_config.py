"""What the command lines of `tools/` do to a config before a Runner runs it."""

import atexit
import gc
import os
from pathlib import Path

import torch
import torch.distributed as torch_dist
from mmengine.config import Config

# A CPU has a wrapper of its own, because upstream's demands a GPU.
_AMP_ON_GPU = {
    'OptimWrapper': 'AmpOptimWrapper',
    'FiniteOptimWrapper': 'FiniteAmpOptimWrapper',
}
_AMP_ON_CPU = dict.fromkeys(
    [*_AMP_ON_GPU, *_AMP_ON_GPU.values()], 'FiniteCpuAmpOptimWrapper'
)


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


def enable_amp(cfg: Config) -> None:
    """Turn on mixed precision: float16 on a GPU, bfloat16 on a CPU.

    On a CPU both known wrappers become `FiniteCpuAmpOptimWrapper`.

    Raises:
        ValueError: If the config's optimizer wrapper has no such counterpart.
    """
    wrapper = cfg.optim_wrapper.get('type', 'OptimWrapper')
    counterparts = _AMP_ON_GPU if torch.cuda.is_available() else _AMP_ON_CPU
    if wrapper in counterparts.values():
        return
    if wrapper not in counterparts:
        raise ValueError(
            f'--amp knows no mixed-precision form of optim_wrapper.type='
            f'{wrapper}; set optim_wrapper.type to one of '
            f'{", ".join(counterparts)}, or leave out --amp.'
        )
    cfg.optim_wrapper.type = counterparts[wrapper]


def enable_auto_scale_lr(cfg: Config) -> None:
    """Scale the learning rate by the total over the config's base batch size.

    Raises:
        ValueError: If the config does not say its base batch size.
    """
    if 'base_batch_size' not in cfg.get('auto_scale_lr', {}):
        raise ValueError(
            '--auto-scale-lr needs auto_scale_lr.base_batch_size in the '
            'config: the total batch size that its learning rate is for.'
        )
    cfg.auto_scale_lr.enable = True


def enable_tta(cfg: Config) -> None:
    """Test with the config's test-time augmentation.

    MMDetection would fill in a default here, but that one merges boxes only
    and yields no panoptic map.

    Raises:
        ValueError: If the config does not define it.
    """
    missing = [key for key in ('tta_model', 'tta_pipeline') if key not in cfg]
    if missing:
        raise ValueError(
            f'--tta needs {" and ".join(missing)} in the config; '
            'define it there, or leave out --tta.'
        )
    cfg.model = dict(**cfg.tta_model, module=cfg.model)
    cfg.test_dataloader.dataset.pipeline = cfg.tta_pipeline


def add_ground_truth(cfg: Config) -> None:
    """Load the test set's annotations, which pictures show.

    Evaluation reads them by itself, so test pipelines leave them out. They are
    loaded after resizing, hence at the size of the original image. A data set
    without segmentation PNGs keeps its pipeline.
    """
    dataset = cfg.test_dataloader.dataset
    loads = any(
        transform['type'].startswith('LoadPanoptic') for transform in dataset.pipeline
    )
    if loads or not dataset.get('data_prefix', {}).get('seg'):
        return
    *transforms, pack = dataset.pipeline
    load = dict(type='LoadPanopticSegments', backend_args=dataset.get('backend_args'))
    dataset.pipeline = [*transforms, load, pack]


def set_resume(cfg: Config, resume: str | None) -> None:
    """Continue a training.

    Args:
        cfg: Changed in place.
        resume: A checkpoint, 'auto' for the latest of the work directory (a
            new training where there is none), or None to leave `cfg` as it is.

    Raises:
        FileNotFoundError: If a checkpoint is named that does not exist.
    """
    if resume is None:
        return
    cfg.resume = True
    cfg.load_from = None
    if resume != 'auto':
        check_checkpoint_path(resume)
        cfg.load_from = resume


def set_launcher(cfg: Config, launcher: str) -> None:
    """Prepare for several processes, on a machine without GPU too.

    MMEngine's own start needs a GPU even for gloo, so without one the process
    group is started here, from the variables that `torchrun` sets, and the
    model is wrapped without device numbers. The group ends with the process.

    Args:
        cfg: Changed in place.
        launcher: 'none', 'pytorch', 'slurm' or 'mpi'.

    Raises:
        ValueError: If there is no GPU and the launcher is not torchrun's.
        RuntimeError: If the process was not started by torchrun.
    """
    cfg.launcher = launcher
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
    cfg.model_wrapper_cfg = dict(
        type='MMDistributedDataParallel',
        device_ids=None,
        find_unused_parameters=cfg.get('find_unused_parameters', False),
    )
    if not torch_dist.is_initialized():
        torch_dist.init_process_group('gloo')
        atexit.register(_leave_process_group)


def _leave_process_group() -> None:
    """End gloo's threads while the interpreter is still there.

    One that drops its last tensors later aborts the process, so that a finished
    training looks like a failed one. The Runner's model goes first: were it the
    last to hold the group, it would wait for a thread that waits for it.
    """
    gc.collect()
    if torch_dist.is_initialized():
        torch_dist.destroy_process_group()
