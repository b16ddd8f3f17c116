"""PQ of classes goes to the visualizer's backends, and nothing else does."""

from types import SimpleNamespace

from epsnet_mm.engine.hooks import PanopticClassScalarsHook
from epsnet_mm.evaluation.class_errors import ClassErrors

ROW = dict(
    name='car', pq=25.0, sq=50.0, rq=50.0, tp=1, fp=0, fn=2, lost=dict(boundary=75.0)
)


class Visualizer:
    def __init__(self):
        self.calls = []
        self._vis_backends = {}

    def add_scalars(self, scalars, step):
        self.calls.append((scalars, step))


def run(*metrics) -> list:
    runner = SimpleNamespace(
        iter=7,
        val_evaluator=SimpleNamespace(metrics=metrics),
        visualizer=Visualizer(),
    )
    PanopticClassScalarsHook().after_val_epoch(runner, {})
    return runner.visualizer.calls


def test_scalars():
    errors = ClassErrors([ROW], {'boundary': 75.0})
    assert run(SimpleNamespace(class_errors=errors), SimpleNamespace()) == [
        ({'class_PQ/car': 25.0, 'lost_PQ/boundary': 75.0}, 7)
    ]


def test_nothing_without_classwise():
    assert run(SimpleNamespace(class_errors=None)) == []
