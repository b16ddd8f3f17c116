"""Trainings that send curves and pictures to services, all without a network."""

import re
from pathlib import Path

from tests.requirements import needs_mlflow, needs_wandb

import pytest

# The lines of docs/error_analysis.md.
CONFIG = """
_base_ = '{base}'
vis_backends = [dict(type='LocalVisBackend'), {backend}]
visualizer = dict(vis_backends=vis_backends)
val_evaluator = dict(classwise=True)
custom_hooks = [
    dict(type='PanopticClassScalarsHook'),
    dict(type='PanopticFixedPicturesHook', num_images=2),
]
train_cfg = dict(val_interval=1)
"""
WANDB = "dict(type='WandbVisBackend', init_kwargs=dict(project='epsnet'))"
MLFLOW = "dict(type='EPSNetMLflowVisBackend', exp_name='epsnet')"


@pytest.fixture
def train(tiny_config, run, tmp_path):
    """Trains two epochs with a backend; returns the folder of its `vis_data`."""

    def _train(backend):
        config = tmp_path / 'service.py'
        config.write_text(CONFIG.format(base=tiny_config, backend=backend))
        # In a process of its own: the visualizer of a process keeps its backends.
        code, printed = run('tools/train.py', config, '--work-dir', tmp_path / 'work')
        assert code == 0, printed
        (folder,) = tmp_path.glob('work/*/vis_data')
        return folder

    return _train


@pytest.mark.parametrize('line', [WANDB, MLFLOW])
def test_lines_are_those_of_the_documentation(repo_root, line):
    text = (repo_root / 'docs/error_analysis.md').read_text(encoding='utf-8')
    assert f'\n{line}  # pip install' in text
    for other in CONFIG.splitlines()[3:8]:
        assert other.replace('num_images=2', 'num_images=4') in text


@pytest.mark.slow
@needs_wandb
def test_wandb_offline(train, monkeypatch):
    monkeypatch.setenv('WANDB_MODE', 'offline')
    monkeypatch.setenv('WANDB_SILENT', 'true')
    folder = train(WANDB)
    (record,) = folder.glob('wandb/offline-run-*/*.wandb')
    for name in (b'class_PQ/circle', b'lost_PQ/boundary', b'coco_panoptic/PQ_th'):
        assert name in record.read_bytes()
    # A table of each validation.
    assert len(list(record.parent.glob('files/media/table/*.table.json'))) == 2
    pictures = [x.name for x in record.parent.glob('files/media/images/*.png')]
    # Two validations of two images.
    assert len(pictures) == 4
    assert all(name.startswith('val_') for name in pictures)


@pytest.mark.slow
@needs_mlflow
def test_mlflow_in_a_file(train, tmp_path):
    pytest.importorskip('sqlalchemy', reason='mlflow keeps no runs without SQLAlchemy')
    folder = train(MLFLOW)
    from mlflow import MlflowClient

    client = MlflowClient(f'sqlite:///{folder}/mlflow.db')
    experiment = client.get_experiment_by_name('epsnet')
    (run,) = client.search_runs([experiment.experiment_id])
    assert {
        'class_PQ/circle',
        'lost_PQ/boundary',
        'lost_PQ/wrong class thing for thing',
        'coco_panoptic/PQ_th',
        'loss',
    } <= set(run.data.metrics)
    # Eight images, two at a time.
    history = client.get_metric_history(run.info.run_id, 'class_PQ/circle')
    assert [x.step for x in history] == [4, 8]
    pictures = [
        x.path
        for x in client.list_artifacts(run.info.run_id, 'images')
        if x.path.endswith('.png')
    ]
    for image in (0, 2):
        for step in (4, 8):
            name = f'images/val_{image:09d}.step.{step}.timestamp.'
            assert len([x for x in pictures if re.match(name, x)]) == 1
    tables = client.list_artifacts(run.info.run_id, 'classes')
    assert [x.path for x in tables] == ['classes/00000004.txt', 'classes/00000008.txt']
    files = client.list_artifacts(run.info.run_id, 'files')
    assert [Path(x.path).name for x in files] == [
        f'{folder.parent.name}.log',
        'vis_data',
    ]
    vis_data = client.list_artifacts(run.info.run_id, 'files/vis_data')
    assert 'scalars.json' in [Path(x.path).name for x in vis_data]
    assert not any('artifacts' in x.path for x in vis_data)
    # Nothing lies in the folder where the training was started.
    assert not (tmp_path / 'mlruns').exists()
