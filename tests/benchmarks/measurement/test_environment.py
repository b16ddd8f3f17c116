from benchmarks.measurement.environment import describe_machine

import torch


def test_machine_and_versions():
    lines = describe_machine('cpu')

    assert list(lines) == ['Date', 'Processor', 'Threads', 'System', 'Versions']
    assert lines['Threads'] == str(torch.get_num_threads())
    assert f'torch {torch.__version__}' in lines['Versions']
    assert all(lines.values())
