"""There is a complete checkpoint at any time."""

from pathlib import Path

from epsnet_mm.engine.atomic_local_backend import AtomicLocalBackend
from epsnet_mm.engine.hooks import AtomicCheckpointHook

import pytest
import torch
from mmengine.evaluator import BaseMetric
from mmengine.fileio import LocalBackend
from mmengine.registry import METRICS
from mmengine.runner import Runner

from ..tiny_runner import tiny_config


@METRICS.register_module(force=True)
class Rising(BaseMetric):
    """Better at each evaluation."""

    value = 0

    def process(self, data_batch, data_samples) -> None:
        self.results.append(0)

    def compute_metrics(self, results: list) -> dict[str, float]:
        Rising.value += 1
        return dict(a=Rising.value, b=-Rising.value)


def build(work_dir: Path, epochs: int, resume: str | None = None, **hook) -> Runner:
    cfg = tiny_config(
        work_dir,
        images=2,
        train_cfg=dict(by_epoch=True, max_epochs=epochs),
        val_evaluator=dict(type='Rising'),
        default_hooks=dict(checkpoint=dict(type='mmdet.AtomicCheckpointHook', **hook)),
        load_from=resume,
        resume=resume is not None,
    )
    cfg['experiment_name'] += f'_{epochs}'
    return Runner.from_cfg(cfg)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob('*.pth'))


@pytest.fixture
def failing_put(monkeypatch):
    """From the given call on, writing fails as on a full disk."""

    def install(number: int) -> None:
        calls = []
        original = AtomicLocalBackend.put

        def put(self, obj, filepath):
            calls.append(filepath)
            if len(calls) >= number:
                raise OSError(f'no space for {Path(filepath).name}')
            original(self, obj, filepath)

        monkeypatch.setattr(AtomicLocalBackend, 'put', put)

    return install


def test_latest_checkpoints_are_kept(tmp_path):
    build(tmp_path / 'w', 3, max_keep_ckpts=2, interval=1).train()
    assert names(tmp_path / 'w') == ['epoch_2.pth', 'epoch_3.pth']
    pointer = (tmp_path / 'w/last_checkpoint').read_text()
    assert pointer == str(tmp_path / 'w/epoch_3.pth')
    hub = torch.load(pointer, weights_only=False)['message_hub']
    assert hub['runtime_info']['keep_ckpt_ids'] == [2, 3]


def test_old_checkpoint_stays_until_the_new_one_is_there(tmp_path, failing_put):
    failing_put(3)  # a checkpoint and its pointer come first
    with pytest.raises(OSError, match=r'no space for epoch_2.pth'):
        build(tmp_path / 'w', 2, max_keep_ckpts=1, interval=1).train()
    assert names(tmp_path / 'w') == ['epoch_1.pth']
    pointer = (tmp_path / 'w/last_checkpoint').read_text()
    assert pointer == str(tmp_path / 'w/epoch_1.pth')


def test_pointer_is_written_like_a_checkpoint(tmp_path, failing_put):
    failing_put(4)
    with pytest.raises(OSError, match='no space for last_checkpoint'):
        build(tmp_path / 'w', 2, interval=1).train()
    pointer = (tmp_path / 'w/last_checkpoint').read_text()
    assert pointer == str(tmp_path / 'w/epoch_1.pth')
    assert names(tmp_path / 'w') == ['epoch_1.pth', 'epoch_2.pth']


@pytest.mark.parametrize('save_best', ['a', 'auto', ['a', 'b']])
def test_best_checkpoint_replaces_the_one_before(tmp_path, save_best):
    build(tmp_path / 'w', 3, save_best=save_best, rule='greater').train()
    best = ['best_a_epoch_3.pth']
    if isinstance(save_best, list):
        best.append('best_b_epoch_1.pth')  # it only got worse
    assert [name for name in names(tmp_path / 'w') if 'best' in name] == best


def test_best_checkpoint_stays_until_the_new_one_is_there(tmp_path, failing_put):
    # Per epoch: checkpoint, pointer, best, and the first two again.
    failing_put(8)
    with pytest.raises(OSError, match=r'no space for best_a_epoch_2.pth'):
        build(tmp_path / 'w', 2, save_best='a', rule='greater', interval=1).train()
    assert 'best_a_epoch_1.pth' in names(tmp_path / 'w')


def test_moved_work_directory(tmp_path):
    hook = dict(save_best='a', rule='greater', max_keep_ckpts=1)
    build(tmp_path / 'old', 1, **hook).train()
    moved = (tmp_path / 'old').rename(tmp_path / 'new')
    resume = str(moved / 'epoch_1.pth')
    build(moved, 2, resume, **hook).train()
    assert names(moved) == ['best_a_epoch_2.pth', 'epoch_2.pth']


def test_remains_of_a_killed_training_are_removed(tmp_path):
    (tmp_path / 'w').mkdir()
    remains = [
        tmp_path / f'w/.{name}.123.partial'
        for name in ('epoch_7.pth', 'last_checkpoint')
    ]
    other = tmp_path / 'w/.notes.partial'
    for path in (*remains, other):
        path.touch()
    build(tmp_path / 'w', 1).train()
    assert not any(path.exists() for path in remains)
    assert other.exists()


def test_own_backend_is_kept():
    assert AtomicCheckpointHook().backend_args == dict(backend='AtomicLocalBackend')
    assert AtomicCheckpointHook(out_dir='s3://bucket').backend_args is None
    own = dict(backend='local')
    hook = AtomicCheckpointHook(backend_args=own)
    assert hook.backend_args is own
    assert issubclass(AtomicLocalBackend, LocalBackend)


def test_save_now_in_the_middle_of_an_epoch(tmp_path):
    runner = build(tmp_path / 'w', 1, interval=1)

    class Saver(AtomicCheckpointHook):
        def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
            paths.append(checkpoint_hook.save_now(runner))

    paths = []
    (checkpoint_hook,) = (
        hook for hook in runner.hooks if isinstance(hook, AtomicCheckpointHook)
    )
    runner.register_hook(Saver())
    runner.train()
    assert [Path(path).name for path in paths] == ['iter_1.pth', 'iter_2.pth']
    meta = torch.load(paths[0], weights_only=False)['meta']
    assert (meta['epoch'], meta['iter']) == (0, 1)
