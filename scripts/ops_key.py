"""Print the name under which the compiled mmcv is kept.

Compiled ops load only with the mmcv, torch, Python and CUDA they were built for. The
last part is `cpu` where no CUDA compiler is found: then ops are built for the CPU.
"""

import importlib.metadata
import os
import platform
import re
import sys

import torch


def cuda_part() -> str:
    """CUDA's version and the GPU architectures compiled for, or `cpu`."""
    # Asked only where torch has CUDA, because the import looks for compilers.
    if torch.version.cuda is None:
        return 'cpu'
    from torch.utils.cpp_extension import CUDA_HOME

    if CUDA_HOME is None:
        return 'cpu'
    archs = os.environ.get('TORCH_CUDA_ARCH_LIST') or ' '.join(
        sorted(
            {
                '.'.join(map(str, torch.cuda.get_device_capability(index)))
                for index in range(torch.cuda.device_count())
            }
        )
    )
    return f'cuda-{torch.version.cuda}-{archs or "default"}'


def main() -> None:
    """Print the key."""
    key = '_'.join(
        [
            f'mmcv-{importlib.metadata.version("onedl-mmcv")}',
            f'torch-{torch.__version__}',
            f'cp{sys.version_info.major}{sys.version_info.minor}',
            platform.machine(),
            cuda_part(),
        ]
    )
    print(re.sub(r'[^\w.+-]+', '-', key))


if __name__ == '__main__':
    main()
