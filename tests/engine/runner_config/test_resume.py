"""The checkpoint that a training continues from."""

import os
import re
from pathlib import Path

from epsnet_mm.engine import runner_config
from epsnet_mm.engine.runner_config import resume

import pytest
import torch
from mmengine.config import Config

COMPLETE = dict(meta={}, state_dict={}, optimizer={}, message_hub={})


@pytest.fixture
def work_dir(tmp_path) -> Path:
    """Three checkpoints, the last of which `last_checkpoint` names."""
    folder = tmp_path / 'work'
    folder.mkdir()
    for number in (1, 2, 10):
        torch.save(COMPLETE, folder / f'epoch_{number}.pth')
        os.utime(folder / f'epoch_{number}.pth', (number, number))
    torch.save(dict(meta={}, state_dict={}), folder / 'best_PQ_epoch_11.pth')
    point(folder, folder / 'epoch_10.pth')
    return folder


def point(folder: Path, target: object) -> None:
    (folder / 'last_checkpoint').write_text(str(target))


@pytest.fixture
def warnings(monkeypatch) -> list[str]:
    found = []
    monkeypatch.setattr(resume, '_warn', found.append)
    return found


def found(folder: Path) -> str:
    return resume.find_checkpoint(folder)


def test_latest_checkpoint(work_dir, warnings):
    assert found(work_dir) == str(work_dir / 'epoch_10.pth')
    # What the training wrote last counts, not the highest number.
    point(work_dir, work_dir / 'epoch_2.pth')
    assert found(work_dir) == str(work_dir / 'epoch_2.pth')
    assert warnings == []


def test_moved_work_directory(work_dir, warnings):
    moved = work_dir.rename(work_dir.with_name('moved'))
    assert found(moved) == str(moved / 'epoch_10.pth')
    assert warnings == []


@pytest.mark.parametrize(
    ('content', 'warning'),
    [
        ('', 'it is empty'),
        ('/gone/epoch_99.pth', 'Skipped epoch_99.pth, which .* it does not exist'),
        (None, None),
    ],
)
def test_pointer_that_leads_nowhere(work_dir, warnings, content, warning):
    if content is None:
        (work_dir / 'last_checkpoint').unlink()
    else:
        point(work_dir, content)
    assert found(work_dir) == str(work_dir / 'epoch_10.pth')
    assert len(warnings) == (warning is not None)
    if warning:
        assert re.search(warning, warnings[0])


def damage(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def test_damaged_checkpoints_are_skipped(work_dir, warnings):
    damage(work_dir / 'epoch_10.pth')
    (work_dir / 'epoch_2.pth').write_bytes(b'')
    assert found(work_dir) == str(work_dir / 'epoch_1.pth')
    assert [warning.split(':')[0] for warning in warnings] == [
        f'Skipped the checkpoint {work_dir}/epoch_10.pth',
        f'Skipped the checkpoint {work_dir}/epoch_2.pth',
    ]


def test_weights_alone_are_skipped(work_dir, warnings):
    torch.save(dict(state_dict={}, meta={}), work_dir / 'epoch_10.pth')
    os.utime(work_dir / 'epoch_10.pth', (10, 10))
    assert found(work_dir) == str(work_dir / 'epoch_2.pth')
    assert 'it has no optimizer, message_hub' in warnings[0]
    torch.save([1], work_dir / 'epoch_10.pth')
    assert found(work_dir) == str(work_dir / 'epoch_2.pth')


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        (dict(optimizer=[1]), 'its `optimizer` is not what a training writes'),
        (dict(message_hub=dict(log_scalars=3)), 'its `message_hub` is not'),
        (dict(meta=dict(seed='x')), "its `meta.seed` is 'x'"),
    ],
)
def test_odd_states_are_skipped(work_dir, warnings, changes, message):
    torch.save(COMPLETE | changes, work_dir / 'epoch_10.pth')
    os.utime(work_dir / 'epoch_10.pth', (10, 10))
    assert found(work_dir) == str(work_dir / 'epoch_2.pth')
    assert message in warnings[0]


def test_all_damaged(work_dir, warnings):
    for path in work_dir.glob('epoch_*.pth'):
        damage(path)
    with pytest.raises(ValueError, match=r'No checkpoint in .* can be loaded'):
        found(work_dir)
    assert len(warnings) == 3


def test_checkpoints_elsewhere(tmp_path, work_dir):
    empty = tmp_path / 'empty'
    empty.mkdir()
    cfg = Config(
        dict(
            work_dir=str(empty),
            load_from=None,
            default_hooks=dict(checkpoint=dict(out_dir=str(tmp_path / 'out'))),
        )
    )
    (tmp_path / 'out').mkdir()
    work_dir.rename(tmp_path / 'out/empty')
    (tmp_path / 'out/empty/last_checkpoint').unlink()
    runner_config.set_resume(cfg, 'auto')
    assert cfg.load_from == str(tmp_path / 'out/empty/epoch_10.pth')
    point(empty, 's3://bucket/epoch_5.pth')
    runner_config.set_resume(cfg, 'auto')
    assert cfg.load_from == 's3://bucket/epoch_5.pth'


def test_set_resume(tmp_path, work_dir):
    named = str(work_dir / 'epoch_1.pth')
    for choice, expected in (
        (None, (False, 'x')),
        ('auto', (True, str(work_dir / 'epoch_10.pth'))),
        (named, (True, named)),
    ):
        cfg = Config(dict(resume=False, load_from='x', work_dir=str(work_dir)))
        runner_config.set_resume(cfg, choice)
        assert (cfg.resume, cfg.load_from) == expected
    with pytest.raises(FileNotFoundError, match=r'gone.pth'):
        runner_config.set_resume(cfg, 'gone.pth')


def test_first_start_of_a_job_that_always_resumes(tmp_path):
    """It fine-tunes from `load_from`, which is not yet the run of its own."""
    cfg = Config(dict(resume=True, load_from='x', work_dir=str(tmp_path / 'new')))
    runner_config.set_resume(cfg, 'auto')
    assert (cfg.resume, cfg.load_from) == (False, 'x')
