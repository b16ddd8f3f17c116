"""Tables for the backends of MMEngine's visualizer, which knows none.

How each backend keeps one is its own affair: text in TensorBoard, a table to sort in
Weights & Biases, a file in MLflow. Other backends get nothing.
"""

from collections.abc import Sequence

from mmengine.visualization import Visualizer
from mmengine.visualization.vis_backend import (
    BaseVisBackend,
    MLflowVisBackend,
    TensorboardVisBackend,
    WandbVisBackend,
)


def add_table(
    visualizer: Visualizer,
    name: str,
    header: Sequence[str],
    rows: Sequence[Sequence],
    text: str,
    step: int,
) -> None:
    """Send a table to all backends that can keep one.

    Args:
        visualizer: With its backends.
        name: Of the table; the same in all steps.
        header: Titles of the columns.
        rows: Cells of each row.
        text: The table for backends that keep text.
        step: Of the training.
    """
    for backend in visualizer._vis_backends.values():
        for kind, write in _WRITERS.items():
            if isinstance(backend, kind):
                write(backend, name, header, rows, text, step)


def _to_tensorboard(
    backend: BaseVisBackend,
    name: str,
    header: Sequence[str],
    rows: Sequence[Sequence],
    text: str,
    step: int,
) -> None:
    # As code: Markdown would join the lines.
    backend.experiment.add_text(name, f'```\n{text}\n```', step)


def _to_wandb(
    backend: BaseVisBackend,
    name: str,
    header: Sequence[str],
    rows: Sequence[Sequence],
    text: str,
    step: int,
) -> None:
    table = backend.experiment.Table(columns=list(header), data=list(map(list, rows)))
    backend.experiment.log({name: table})


def _to_mlflow(
    backend: BaseVisBackend,
    name: str,
    header: Sequence[str],
    rows: Sequence[Sequence],
    text: str,
    step: int,
) -> None:
    backend.experiment.log_text(text, f'{name}/{step:08d}.txt')


_WRITERS = {
    TensorboardVisBackend: _to_tensorboard,
    WandbVisBackend: _to_wandb,
    MLflowVisBackend: _to_mlflow,
}
