"""`tools/dist_train.sh`: two processes on a CPU make one training."""

import pytest


@pytest.mark.slow
def test_two_processes_one_checkpoint_one_table(run, tiny_config, tmp_path, port):
    work_dir = tmp_path / 'w'
    code, text = run(
        'tools/dist_train.sh',
        tiny_config,
        2,
        '--work-dir',
        work_dir,
        '--cfg-options',
        'train_cfg.max_epochs=1',
        'train_cfg.val_interval=1',
    )
    assert code == 0, text
    # 8 images, 2 processes with 2 each: 2 iterations, not 4.
    assert '[1][2/2]' in text
    assert [path.name for path in work_dir.glob('epoch_*.pth')] == ['epoch_1.pth']
    assert text.count('| Things |') == 1, text
    assert 'Distributed launcher: pytorch' in text


def test_usage(run):
    code, text = run('tools/dist_train.sh', 'only_a_config.py')
    assert code == 2
    assert 'usage:' in text
