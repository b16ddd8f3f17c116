"""Enforces the arrows of import: functional -> losses -> {necks, heads} -> package.

Between the rooms of the package they run one way too, from the lower floors up.
Heads never import heads, except their base class, and the detector imports no sibling:
parts come from `MODELS.build`. So each part can be read, tested and replaced alone.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / 'epsnet_mm'
RUNTIME = PACKAGE.with_name('epsnet_runtime')
MODELS = 'epsnet_mm.models'

#: Folder -> what its modules may import from the package. A folder that lists itself
#: lets its modules import each other.
ALLOWED = {
    'epsnet_mm.functional': ['epsnet_mm.functional'],
    f'{MODELS}.losses': ['epsnet_mm.functional', f'{MODELS}.losses'],
    f'{MODELS}.task_modules': ['epsnet_mm.functional', f'{MODELS}.task_modules'],
    f'{MODELS}.backbones': [f'{MODELS}.backbones'],
    f'{MODELS}.necks': ['epsnet_mm.functional', f'{MODELS}.losses', f'{MODELS}.necks'],
    f'{MODELS}.heads': [
        'epsnet_mm.functional',
        'epsnet_mm.environment.nms_backend',
        f'{MODELS}.losses',
        f'{MODELS}.heads.base_epsnet_instance_head',
        f'{MODELS}.heads.base_epsnet_semantic_head',
        # The parent of PositionedMaskHead.
        f'{MODELS}.heads.mask_assembly_head',
        # The parent of DepthwisePrototypeHead.
        f'{MODELS}.heads.epsnet_prototype_head',
    ],
    f'{MODELS}.detectors': [
        'epsnet_mm.functional',
        'epsnet_mm.aliases',
        f'{MODELS}.detectors',
    ],
}


def imported_modules(source: str, module: str, is_package: bool = False) -> set[str]:
    """Absolute names of what `source`, the text of `module`, imports."""
    # What a relative import starts from: the package that `module` is, or is in.
    home = module.split('.') if is_package else module.split('.')[:-1]
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = home[: len(home) - node.level + 1] if node.level else []
            base = '.'.join(start + ([node.module] if node.module else []))
            # `from package import name`: the name may be a module of the package.
            names = [alias.name for alias in node.names]
            inside = base.split('.')[0] in ('epsnet_mm', 'epsnet_runtime')
            found |= {f'{base}.{name}' for name in names} if inside else {base}
    return found


def is_within(name: str, folder: str) -> bool:
    return name == folder or name.startswith(folder + '.')


def modules_of(folder: str) -> list[Path]:
    path = PACKAGE.parent.joinpath(*folder.split('.'))
    # A folder's `__init__` imports its own modules, to register them.
    return sorted(file for file in path.rglob('*.py') if file.name != '__init__.py')


def imports_of(path: Path) -> set[str]:
    module = '.'.join(path.relative_to(PACKAGE.parent).with_suffix('').parts)
    return imported_modules(path.read_text(encoding='utf-8'), module)


@pytest.mark.parametrize('folder', ALLOWED)
def test_folder_imports_only_what_is_below_it(folder):
    for path in modules_of(folder):
        for name in imports_of(path):
            if is_within(name, 'epsnet_mm'):
                assert any(is_within(name, allowed) for allowed in ALLOWED[folder]), (
                    f'{path.relative_to(PACKAGE.parent)} imports {name}, but '
                    f'{folder} may import only {ALLOWED[folder]}'
                )


def test_functional_imports_only_torch():
    for path in modules_of('epsnet_mm.functional'):
        for name in imports_of(path):
            root = name.split('.')[0]
            assert root in {'torch', 'epsnet_mm'} | sys.stdlib_module_names, (
                f'{path.relative_to(PACKAGE.parent)} imports {name}, but pure '
                'functions import only torch'
            )


@pytest.mark.parametrize('folder', ALLOWED)
def test_folder_is_there(folder):
    """Otherwise a renamed folder would pass unchecked."""
    assert PACKAGE.parent.joinpath(*folder.split('.')).is_dir()


def test_imports_are_resolved():
    source = """
import torch.nn as nn
from mmdet.registry import MODELS
from ...functional import crop
from .yolact_head import Head
from . import sibling
def late():
    from epsnet_mm import utils
"""
    assert imported_modules(source, 'epsnet_mm.models.heads.mask_head') == {
        'torch.nn',
        'mmdet.registry',
        'epsnet_mm.functional.crop',
        'epsnet_mm.models.heads.yolact_head.Head',
        'epsnet_mm.models.heads.sibling',
        'epsnet_mm.utils',
    }
    assert imported_modules(
        'from .a import B', 'epsnet_mm.functional', is_package=True
    ) == {'epsnet_mm.functional.a.B'}


#: The rooms of the package, from the ground floor up; a room may import the rooms of
#: lower floors only.
FLOORS = (
    {'version', 'progress', 'aliases', 'functional', 'structures'},
    {'environment'},
    {'datasets', 'evaluation', 'visualization'},
    {'engine'},
    {'models', 'apis'},
    {'analysis', 'deployment'},
    {'check'},
)


def test_rooms_import_lower_floors_only():
    floor_of = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
    for path in sorted(PACKAGE.rglob('*.py')):
        inside = path.relative_to(PACKAGE).with_suffix('').parts
        if '.mim' in inside or inside == ('__init__',):
            continue
        for name in imports_of(path):
            room = name.split('.')[1] if is_within(name, 'epsnet_mm') else inside[0]
            assert room == inside[0] or floor_of[room] < floor_of[inside[0]], (
                f'{path.relative_to(PACKAGE.parent)} imports {name}, which is not on '
                'a lower floor'
            )


def test_every_room_is_on_a_floor():
    rooms = {path.stem for path in PACKAGE.iterdir() if path.suffix in ('', '.py')}
    # Weights are data.
    assert rooms - {'__init__', '__pycache__', '.mim', 'weights'} <= set().union(
        *FLOORS
    )


#: The one place that names the training stack: it looks the inferencer up when a
#: command is given a config and a checkpoint.
DOOR = 'epsnet_runtime/commands/training_stack.py'


def test_runtime_is_below_everything():
    allowed = {'numpy', 'PIL', 'epsnet_runtime'} | sys.stdlib_module_names
    for path in sorted(RUNTIME.rglob('*.py')):
        name = str(path.relative_to(PACKAGE.parent))
        found = {
            one.split('.')[0]
            for one in imported_modules(
                path.read_text(encoding='utf-8'),
                '.'.join(Path(name).with_suffix('').parts),
                path.name == '__init__.py',
            )
        }
        # Imported for type checkers only; the next test proves it.
        found -= {'pandas', 'supervision'}
        assert found <= allowed, f'{name} imports {sorted(found - allowed)}'
        if name != DOOR:
            assert "'epsnet_mm" not in path.read_text(encoding='utf-8'), name


def test_runtime_is_imported_without_the_training_stack():
    """In a process where none of it can be imported."""
    code = """
import sys
for name in ('torch', 'mmcv', 'mmengine', 'mmdet', 'epsnet_mm', 'cv2', 'onnxruntime',
             'rich', 'pandas', 'supervision', 'matplotlib', 'scipy', 'gradio'):
    sys.modules[name] = None
import importlib, pkgutil
import epsnet_runtime
for module in pkgutil.walk_packages(epsnet_runtime.__path__, 'epsnet_runtime.'):
    importlib.import_module(module.name)
"""
    done = subprocess.run(
        [sys.executable, '-c', code],
        cwd=PACKAGE.parent,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
