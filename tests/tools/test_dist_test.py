"""`tools/dist_test.sh`: two processes on a CPU make one table."""

import pytest

from .test_test import checkpoint  # noqa: F401  (a fixture)


@pytest.mark.slow
def test_two_processes_one_table(run, tiny_config, tmp_path, port, checkpoint):  # noqa: F811
    code, text = run(
        'tools/dist_test.sh', tiny_config, checkpoint, 2, '--work-dir', tmp_path / 'w'
    )
    assert code == 0, text
    assert text.count('| Things |') == 1, text


def test_usage(run):
    code, text = run('tools/dist_test.sh', 'config.py', 'x.pth')
    assert code == 2
    assert 'usage:' in text
