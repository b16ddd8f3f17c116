import importlib.util
import subprocess
import sys
from importlib.abc import MetaPathFinder
from types import ModuleType

from epsnet_mm.environment.mmcv_ops import ensure_mmcv_ops, has_mmcv_ops
from tests.requirements import needs_ops

import pytest

EXTENSION = 'mmcv._ext'


class FailingImport(MetaPathFinder):
    """Makes the import of the extension raise `error`."""

    def __init__(self, error):
        self.error = error

    def find_spec(self, name, path, target=None):
        if name == EXTENSION:
            raise self.error


@pytest.fixture
def import_raises(monkeypatch):
    """Return a function that makes `import mmcv._ext` raise its argument."""
    # Set, then deleted: what was there, or nothing, is restored at the end.
    monkeypatch.setitem(sys.modules, EXTENSION, ModuleType(EXTENSION))
    monkeypatch.delitem(sys.modules, EXTENSION)

    def install(error):
        monkeypatch.setattr(sys, 'meta_path', [FailingImport(error), *sys.meta_path])

    return install


@pytest.fixture
def without_ops(import_raises):
    """An mmcv that was built without ops."""
    import_raises(ModuleNotFoundError(f'No module named {EXTENSION!r}', name=EXTENSION))


def test_missing_op_names_itself_and_the_remedy(without_ops):
    assert not has_mmcv_ops()
    ensure_mmcv_ops()
    extension = sys.modules[EXTENSION]
    # Taking the op is what an import does; only calling it fails.
    nms = extension.nms
    with pytest.raises(RuntimeError, match='`nms` cannot run') as error:
        nms(1, iou_threshold=0.5)
    assert 'make ops' in str(error.value)


def test_stand_in_is_recognized(without_ops):
    ensure_mmcv_ops()
    stand_in = sys.modules[EXTENSION]
    assert not has_mmcv_ops()
    ensure_mmcv_ops()
    assert sys.modules[EXTENSION] is stand_in


def test_stand_in_behaves_like_a_module(without_ops):
    ensure_mmcv_ops()
    stand_in = sys.modules[EXTENSION]
    with pytest.raises(AttributeError, match='__wrapped__'):
        _ = stand_in.__wrapped__
    # MMEngine looks the extension up like this, which needs a spec.
    assert importlib.util.find_spec(EXTENSION) is not None
    assert stand_in.get_compiler_version() == 'n/a'


def test_compiled_ops_are_never_replaced(monkeypatch):
    compiled = ModuleType(EXTENSION)
    monkeypatch.setitem(sys.modules, EXTENSION, compiled)
    ensure_mmcv_ops()
    assert has_mmcv_ops()
    assert sys.modules[EXTENSION] is compiled


def test_ops_for_another_torch_are_not_hidden(import_raises):
    import_raises(ImportError('_ext.so: undefined symbol: _ZN3c10'))
    with pytest.raises(ImportError, match=r'undefined symbol: _ZN3c10.*make ops'):
        ensure_mmcv_ops()
    assert EXTENSION not in sys.modules


def test_another_missing_module_is_not_taken_for_missing_ops(import_raises):
    import_raises(ModuleNotFoundError("No module named 'cv2'", name='cv2'))
    with pytest.raises(ModuleNotFoundError, match='cv2'):
        ensure_mmcv_ops()


@pytest.mark.slow
def test_mmdet_models_import_without_ops(repo_root):
    code = """
import sys

class NoExtension:
    def find_spec(self, name, path, target=None):
        if name == 'mmcv._ext':
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, NoExtension())
import epsnet_mm
import mmdet.apis
import mmdet.models
import torch
from mmcv.ops import batched_nms
from mmcv.utils import collect_env
from mmengine.model import revert_sync_batchnorm

assert collect_env()['MMCV Compiler'] == 'n/a'
revert_sync_batchnorm(torch.nn.SyncBatchNorm(1))
try:
    batched_nms(torch.rand(2, 4), torch.rand(2), torch.zeros(2),
                dict(type='nms', iou_threshold=0.5))
except RuntimeError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, '-c', code], cwd=repo_root, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert '`nms` cannot run: run `make ops`' in done.stdout


@needs_ops
def test_compiled_nms():
    import torch
    from mmcv.ops import nms

    boxes = torch.tensor(
        [[0.0, 0.0, 10.0, 10.0], [0.0, 0.0, 10.0, 9.0], [20.0, 20.0, 30.0, 30.0]]
    )
    _, kept = nms(boxes, torch.tensor([0.9, 0.8, 0.7]), iou_threshold=0.5)
    assert kept.tolist() == [0, 2]
