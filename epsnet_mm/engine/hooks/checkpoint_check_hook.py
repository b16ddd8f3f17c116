"""Check of checkpoints before their weights are used."""

import logging

from mmdet.registry import HOOKS
from mmengine.hooks import Hook
from mmengine.logging import print_log
from mmengine.optim import BaseOptimWrapper
from mmengine.runner import BaseLoop, Runner, find_latest_checkpoint

from ..checkpoint_check import check_checkpoint, class_names
from ..checkpoint_fit import class_difference, compare, weights_in
from .unwrap import unwrap


@HOOKS.register_module()
class CheckpointCheckHook(Hook):
    """Refuses checkpoints that are damaged or don't belong to the model.

    MMEngine loads what fits and writes the rest to the log. A model with random
    weights in some layers is then evaluated as if nothing had happened. Here

    - to validate, to test and to resume, all keys and shapes must agree, and the
      classes must be those of the dataset, in the same order;
    - to start a training (`load_from`), layers may be absent or have another
      number of classes, that is, of output channels, if at least half of the
      model's keys fit. The classes may differ, which the log says.

    Whether a training starts or resumes is read from the config. A Runner that
    was built without a config is held to the strict rule.

    Args:
        same_classes: Whether the classes must agree. False is for a dataset that
            has other names for the same classes.
    """

    # Before EMAHook (49 in the configs) takes the weights.
    priority = 48

    def __init__(self, same_classes: bool = True) -> None:
        self.same_classes = same_classes

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Compare weights and classes before MMEngine copies the weights.

        Args:
            runner: The runner that loads.
            checkpoint: The file's content, or a bare state dict, which is put under
                `state_dict`: EMAHook of MMEngine looks nowhere else.

        Raises:
            ValueError: The checkpoint is damaged, or of another model or dataset.
        """
        check_checkpoint(checkpoint, self._file(runner))
        source = self._source(runner, checkpoint)
        self._check_weights(runner, checkpoint, source)
        self._check_classes(runner, checkpoint, source)
        if 'state_dict' not in checkpoint:
            weights = dict(checkpoint)
            checkpoint.clear()
            checkpoint['state_dict'] = weights

    def _check_weights(self, runner: Runner, checkpoint: dict, source: str) -> None:
        model_state = unwrap(runner.model).state_dict()
        fit = compare(model_state, weights_in(checkpoint))
        differences = fit.describe()
        if not differences:
            return
        if not self._is_fine_tuning(runner):
            raise ValueError(
                f'{source} does not belong to this model: {differences}. Use '
                'the config that the checkpoint was trained with, and the '
                'same class counts.'
            )
        few = 2 * fit.num_matching < len(model_state)
        if few or fit.reshaped or fit.retyped:
            raise ValueError(
                f'{source} is of another architecture: {fit.num_matching} '
                f"of the model's {len(model_state)} keys fit; {differences}. "
                'Give `load_from` a checkpoint of this architecture, or none.'
            )
        print_log(
            f'{source} fits in {fit.num_matching} of {len(model_state)} '
            f'keys; the others keep their initial weights: {differences}.',
            logger='current',
        )

    def _check_classes(self, runner: Runner, checkpoint: dict, source: str) -> None:
        trained, given = class_names(checkpoint), _dataset_classes(runner)
        if trained is None or given is None:
            return
        difference = class_difference(trained, given)
        if not difference:
            return
        if self._is_fine_tuning(runner) or not self.same_classes:
            print_log(
                f'{source} was trained on classes that differ from those of the '
                f'dataset ({difference}); weights of classes are taken by label.',
                logger='current',
                level=logging.WARNING,
            )
            return
        raise ValueError(
            f'{source} does not belong to this dataset: {difference}. Correct the '
            '`categories` of the annotation file; if only names differ, set '
            '`default_hooks.checkpoint_check.same_classes=False`.'
        )

    @staticmethod
    def _is_fine_tuning(runner: Runner) -> bool:
        """Whether the runner loads weights to start a training from.

        Only `Runner.train` builds the optimizer, and it does so before loading.
        """
        trains = isinstance(getattr(runner, 'optim_wrapper', None), BaseOptimWrapper)
        starts = runner.cfg.get('load_from') and not runner.cfg.get('resume')
        return trains and bool(starts)

    @staticmethod
    def _file(runner: Runner) -> str:
        """Name the checkpoint's file."""
        path = runner.cfg.get('load_from')
        if path is None and runner.cfg.get('resume'):
            path = find_latest_checkpoint(runner.work_dir)
        return f'The checkpoint {path}' if path else 'The checkpoint'

    def _source(self, runner: Runner, checkpoint: dict) -> str:
        """Name the checkpoint's file and where it comes from."""
        name = self._file(runner)
        meta = checkpoint.get('meta') or {}
        details = []
        if 'experiment_name' in meta:
            details.append(f'made by the experiment {meta["experiment_name"]}')
        classes = class_names(checkpoint)
        if classes is not None:
            details.append(f'trained on {len(classes)} classes')
        return f'{name} ({", ".join(details)})' if details else name


def _dataset_classes(runner: Runner) -> tuple[str, ...] | None:
    """Names of the classes of the dataset that is used, or None if it has none."""
    # The attributes: properties would build the loops of a training that is not run.
    for loop in (runner._train_loop, runner._test_loop, runner._val_loop):
        if isinstance(loop, BaseLoop):
            metainfo = getattr(loop.dataloader.dataset, 'metainfo', {})
            classes = metainfo.get('classes')
            return None if classes is None else tuple(classes)
    return None
