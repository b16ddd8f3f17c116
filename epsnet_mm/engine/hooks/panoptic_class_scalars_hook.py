"""PQ of each class over time."""

from mmdet.registry import HOOKS
from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...evaluation.class_errors import HEADER
from ...visualization.backend_tables import Table, add_table


@HOOKS.register_module()
class PanopticClassScalarsHook(Hook):
    """Sends PQ of each class, and what each cause takes, to the visualizer's backends.

    The evaluator needs `classwise=True`. Names are `class_PQ/<class>` and
    `lost_PQ/<cause>`, in percent. They don't appear in the log, which has the table
    of classes. TensorBoard, Weights & Biases and MLflow get the table too, named
    `classes`.
    """

    def after_val_epoch(
        self, runner: Runner, metrics: dict[str, float] | None = None
    ) -> None:
        """Send the figures of a validation, at the iteration of the training."""
        for metric in runner.val_evaluator.metrics:
            errors = getattr(metric, 'class_errors', None)
            if errors is None:
                continue
            scalars = {f'class_PQ/{row["name"]}': row['pq'] for row in errors.rows}
            scalars |= {f'lost_PQ/{title}': x for title, x in errors.lost.items()}
            runner.visualizer.add_scalars(scalars, step=runner.iter)
            table = Table('classes', HEADER, errors.cells(), errors.table())
            add_table(runner.visualizer, table, runner.iter)
