"""Proves that the installation works: `python -m epsnet_mm.check`.

Prints the installed packages and the devices, then runs a small EPSNet with random
weights on one image, on the CPU and on a GPU if there is one. It needs no data and
downloads nothing. The exit code is 0 if all of that works.
"""

import platform
import sys
import time
from importlib.util import find_spec

import numpy as np
import torch
from mmdet.registry import MODELS
from mmdet.structures import DetDataSample
from mmengine.config import Config
from mmengine.registry import DefaultScope

from .environment.config_files import config_path
from .environment.mmcv_ops import has_mmcv_ops
from .environment.stack import read_stack
from .version import __version__

CONFIG = 'epsnet/epsnet_r18_fpn_shapes.py'
#: Side of the image, pixels.
SIZE = 160

#: Whether the family is `openmmlab` -> where to get the ops, which few configs need.
MISSING_OPS = {
    False: 'none; `make ops` compiles them',
    True: 'none; `pip uninstall mmcv-lite`, then `mim install "mmcv>=2.1,<2.2"` '
    'installs them',
}

#: What only some functions need: module -> what for, and the remedy.
OPTIONAL = {
    'panopticapi': 'evaluation needs it: run `pip install --no-deps panopticapi-lite`',
}
#: Needed with the family `openmmlab` only.
OPTIONAL_OF_OPENMMLAB = {
    'pkg_resources': 'configs of mmdet (`mmdet::...`) need it: run `pip install '
    '"setuptools<82"`',
}


def describe_environment() -> list[str]:
    """Lines on the system, the packages, mmcv's ops and the devices."""
    stack = read_stack()
    is_original = stack.families == ['openmmlab']
    ops = 'compiled' if has_mmcv_ops() else MISSING_OPS[is_original]
    lines = [
        f'epsnet_mm {__version__}, Python {platform.python_version()}, '
        f'{platform.system()} {platform.machine()}',
        stack.describe(),
        f'numpy {np.__version__}',
        f'ops of mmcv: {ops}',
    ]
    optional = OPTIONAL | (OPTIONAL_OF_OPENMMLAB if is_original else {})
    lines += [
        f'{name} is missing; {remedy}'
        for name, remedy in optional.items()
        if find_spec(name) is None
    ]
    return lines


def devices() -> dict[str, str]:
    """Device -> its name, for the CPU and the first GPU."""
    found = {'cpu': f'{torch.get_num_threads()} threads'}
    if torch.cuda.is_available():
        found['cuda'] = torch.cuda.get_device_name()
    return found


def run_forward(device: str) -> tuple[int, ...]:
    """Run a small EPSNet on a random image.

    Args:
        device: 'cpu' or 'cuda'.

    Returns:
        Shape of the panoptic map, ``(1, SIZE, SIZE)`` if all is well.
    """
    with DefaultScope.overwrite_default_scope('mmdet'):
        model = MODELS.build(Config.fromfile(config_path(CONFIG)).model)
    model.to(device).eval()
    sample = DetDataSample(
        metainfo=dict(
            img_shape=(SIZE, SIZE), ori_shape=(SIZE, SIZE), scale_factor=(1.0, 1.0)
        )
    )
    image = torch.randint(0, 256, (3, SIZE, SIZE), dtype=torch.uint8)
    with torch.no_grad():
        (result,) = model.test_step(dict(inputs=[image], data_samples=[sample]))
    return tuple(result.pred_panoptic_seg.sem_seg.shape)


def main() -> None:
    """Print what is there, and try it."""
    print('\n'.join(describe_environment()), flush=True)
    for device, name in devices().items():
        start = time.perf_counter()
        shape = run_forward(device)
        if shape != (1, SIZE, SIZE):
            sys.exit(
                f'EPSNet on {device} ({name}) gave a map of shape {shape}, not '
                f'{(1, SIZE, SIZE)}: please report this with the lines above'
            )
        seconds = time.perf_counter() - start
        print(f'EPSNet runs on {device} ({name}): {seconds:.1f} s', flush=True)
    print('epsnet_mm works here.')


if __name__ == '__main__':
    main()
