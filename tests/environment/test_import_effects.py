"""What `import epsnet_mm` does to other packages, in a process of its own."""

import inspect
import subprocess
import sys

import epsnet_mm  # noqa: F401

from mmdet import registry
from mmengine.registry import Registry

SCRIPT = """
import inspect
import sys
import types

import mmengine.runner
import mmengine.hooks
import mmengine.visualization
import mmcv.transforms
import mmdet.registry
import torch
import torch._dynamo  # torch itself replaces a function when it loads this

OTHERS = ('mmengine', 'mmcv', 'mmdet', 'torch')


def snapshot():
    found = {}
    for name, module in list(sys.modules.items()):
        if module is None or name.split('.')[0] not in OTHERS:
            continue
        for key, value in list(vars(module).items()):
            if callable(value) or isinstance(value, types.ModuleType):
                found[name, key] = value
            if inspect.isclass(value) and value.__module__ == name:
                for attribute, member in vars(value).items():
                    if inspect.isroutine(member):
                        found[name, key, attribute] = member
    return found


before = snapshot()
assert ('mmengine.runner.checkpoint', 'load_url') in before
assert ('mmengine.runner.runner', 'Runner', 'train') in before


def changes():
    after = snapshot()
    return sorted('.'.join(key) for key in before if after[key] is not before[key])


import epsnet_mm
print(changes())
# What the tools do, to show that a change would be seen.
from epsnet_mm.engine.safe_load import install_safe_load
install_safe_load()
print(changes())
"""


def test_nothing_is_patched_and_nothing_is_printed(repo_root):
    done = subprocess.run(
        [sys.executable, '-c', SCRIPT], capture_output=True, text=True, cwd=repo_root
    )
    assert done.returncode == 0, done.stderr
    module = 'mmengine.runner.checkpoint'
    assert done.stdout.splitlines() == [
        '[]',
        str([f'{module}.load_url', f'{module}.torch']),
    ]
    assert 'faster_coco_eval' not in done.stderr


def test_one_registered_name_of_others_is_replaced():
    replaced = {
        name
        for each in vars(registry).values()
        if isinstance(each, Registry)
        for name, module in each.module_dict.items()
        if inspect.isclass(module) and module.__module__.startswith('epsnet_mm.')
        for parent in module.__mro__
        if parent.__name__ == name and not parent.__module__.startswith('epsnet_mm.')
    }
    assert replaced == {'ConcatDataset'}
