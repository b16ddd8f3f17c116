"""Tables for the backends of MMEngine's visualizer, which knows none.

How each backend keeps one is its own affair: text in TensorBoard, a table to sort in
Weights & Biases, a file in MLflow. Other backends get nothing.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from mmengine.visualization import Visualizer
from mmengine.visualization.vis_backend import (
    MLflowVisBackend,
    TensorboardVisBackend,
    WandbVisBackend,
)


class Table(NamedTuple):
    """A table in the forms that backends keep.

    Attributes:
        name: The same in all steps.
        header: Titles of the columns.
        rows: Cells of each row.
        text: The table for backends that keep text.
    """

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence]
    text: str


def add_table(visualizer: Visualizer, table: Table, step: int) -> None:
    """Send a table to all backends that can keep one.

    Args:
        visualizer: With its backends.
        table: What is sent.
        step: Of the training.
    """
    for backend in visualizer._vis_backends.values():
        for kind, write in _WRITERS.items():
            if isinstance(backend, kind):
                write(backend.experiment, table, step)


def _to_tensorboard(experiment: Any, table: Table, step: int) -> None:
    # As code: Markdown would join the lines.
    experiment.add_text(table.name, f'```\n{table.text}\n```', step)


def _to_wandb(experiment: Any, table: Table, step: int) -> None:
    cells = [list(row) for row in table.rows]
    sent = experiment.Table(columns=list(table.header), data=cells)
    experiment.log({table.name: sent})


def _to_mlflow(experiment: Any, table: Table, step: int) -> None:
    experiment.log_text(table.text, f'{table.name}/{step:08d}.txt')


_WRITERS = {
    TensorboardVisBackend: _to_tensorboard,
    WandbVisBackend: _to_wandb,
    MLflowVisBackend: _to_mlflow,
}
