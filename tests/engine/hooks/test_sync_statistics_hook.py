"""Two processes: equal statistics, and the metrics are those of the checkpoint."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from mmengine.runner import Runner

from . import sync_statistics_script as script


@pytest.fixture(scope='module')
def trained(tmp_path_factory, repo_root) -> Path:
    """Folder with the trainings of the script, which runs in two processes."""
    folder = tmp_path_factory.mktemp('trained')
    command = [sys.executable, '-m', 'torch.distributed.run', '--standalone']
    done = subprocess.run(
        [*command, '--nproc_per_node=2', script.__file__, str(folder)],
        env=os.environ
        | dict(PYTHONPATH=str(repo_root), OMP_NUM_THREADS='1', CUDA_VISIBLE_DEVICES=''),
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr
    return folder


def recorded(folder: Path, rank: int, iteration: int) -> dict:
    """What the script's Recorder wrote."""
    path = folder / f'{rank}_{iteration}.json'
    return json.loads(path.read_text(encoding='utf-8'))


def evaluate(checkpoint: Path) -> float:
    """The metric of a checkpoint, in this process alone."""
    cfg = script.config(str(checkpoint.parent / 'alone'), 'iter', 'none', 'none')
    cfg.load_from = str(checkpoint)
    cfg.experiment_name = str(checkpoint)
    return Runner.from_cfg(cfg).val()['mean']


@pytest.mark.slow
@pytest.mark.parametrize(
    'name', [name for name in script.TRAININGS if name != 'no-hook']
)
def test_validation_is_that_of_the_checkpoint(trained, name):
    checkpoints = {2: 'iter_2.pth', 4: 'iter_4.pth'}
    if name.startswith('epoch'):
        checkpoints = {2: 'epoch_1.pth', 4: 'epoch_2.pth'}
    for iteration, checkpoint in checkpoints.items():
        first, second = (recorded(trained / name, rank, iteration) for rank in (0, 1))
        assert first['buffers'] == second['buffers']
        assert first['buffers']['norm.running_mean'] != [0.0] * 4
        # A frozen layer keeps its numbers.
        assert first['buffers']['frozen.running_var'] == [1.0] * 4
        assert evaluate(trained / name / checkpoint) == pytest.approx(
            first['metrics']['mean'], rel=1e-5
        )


@pytest.mark.slow
def test_without_the_hook_they_differ(trained):
    """Which is why the hook is there, and shows that the test can fail."""
    folder = trained / 'no-hook'
    first, second = (recorded(folder, rank, 4) for rank in (0, 1))
    assert first['buffers'] != second['buffers']
    saved = torch.load(folder / 'iter_4.pth', weights_only=False)['state_dict']
    assert saved['norm.running_mean'].tolist() == pytest.approx(
        first['buffers']['norm.running_mean']
    )
    metric = evaluate(folder / 'iter_4.pth')
    assert metric != pytest.approx(first['metrics']['mean'], rel=1e-5)
