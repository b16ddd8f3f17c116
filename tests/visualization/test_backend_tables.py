"""Each backend keeps a table in its own way."""

from types import SimpleNamespace

from epsnet_mm.visualization.backend_tables import Table, add_table

import pytest
from mmengine.visualization.vis_backend import (
    LocalVisBackend,
    MLflowVisBackend,
    TensorboardVisBackend,
    WandbVisBackend,
)


class Experiment:
    """Notes what is called."""

    def __init__(self):
        self.calls = []

    def Table(self, columns, data):
        return columns, data

    def __getattr__(self, name):
        return lambda *arguments: self.calls.append((name, *arguments))


@pytest.mark.parametrize(
    ('kind', 'expected'),
    [
        (TensorboardVisBackend, [('add_text', 'classes', '```\na 1\n```', 7)]),
        (WandbVisBackend, [('log', {'classes': (['class', 'PQ'], [['a', 1]])})]),
        (MLflowVisBackend, [('log_text', 'a 1', 'classes/00000007.txt')]),
        (LocalVisBackend, []),
    ],
)
def test_table(kind, expected, monkeypatch, tmp_path):
    experiment = Experiment()
    monkeypatch.setattr(kind, 'experiment', experiment)
    backends = dict(only=kind(str(tmp_path)))
    table = Table('classes', ('class', 'PQ'), [('a', 1)], 'a 1')
    add_table(SimpleNamespace(_vis_backends=backends), table, 7)
    assert experiment.calls == expected
