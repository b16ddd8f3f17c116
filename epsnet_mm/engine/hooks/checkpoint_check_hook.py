"""Check of checkpoints before their weights are used."""

import re
from dataclasses import dataclass

import torch
from mmdet.registry import HOOKS
from mmengine.hooks import Hook
from mmengine.logging import print_log
from mmengine.optim import BaseOptimWrapper
from mmengine.runner import Runner, find_latest_checkpoint

from .unwrap import unwrap


@dataclass
class _Comparison:
    """How the keys of a checkpoint fit a model.

    Attributes:
        missing: Keys of the model alone.
        unexpected: Keys of the checkpoint alone.
        resized: Common keys whose shapes differ in the first dimension only, as
            with another number of classes.
        reshaped: Common keys whose shapes differ otherwise.
        num_matching: Number of common keys of the same shape.
    """

    missing: list[str]
    unexpected: list[str]
    resized: list[str]
    reshaped: list[str]
    num_matching: int

    def describe(self) -> str:
        """Name the differences and a few keys of each kind."""
        kinds = {
            'missing': self.missing,
            'of another shape': self.resized + self.reshaped,
            'unknown to the model': self.unexpected,
        }
        return '; '.join(
            f'{len(keys)} keys {kind} ({", ".join(keys[:3])}'
            + (', ...)' if len(keys) > 3 else ')')
            for kind, keys in kinds.items()
            if keys
        )


def _compare(model_state: dict, loaded_state: dict) -> _Comparison:
    common = [key for key in model_state if key in loaded_state]
    resized, reshaped = [], []
    for key in common:
        ours, theirs = model_state[key].shape, loaded_state[key].shape
        if ours != theirs:
            same_inputs = len(ours) == len(theirs) and ours[1:] == theirs[1:]
            (resized if same_inputs else reshaped).append(key)
    return _Comparison(
        missing=[key for key in model_state if key not in loaded_state],
        unexpected=[key for key in loaded_state if key not in model_state],
        resized=resized,
        reshaped=reshaped,
        num_matching=len(common) - len(resized) - len(reshaped),
    )


@HOOKS.register_module()
class CheckpointCheckHook(Hook):
    """Refuses checkpoints that don't belong to the model.

    MMEngine loads what fits and writes the rest to the log. A model with random
    weights in some layers is then evaluated as if nothing had happened. Here

    - to validate, to test and to resume, all keys and shapes must agree;
    - to start a training (`load_from`), layers may be absent or have another
      number of classes, that is, of output channels, if at least half of the
      model's keys fit.

    Whether a training starts or resumes is read from the config. A Runner that
    was built without a config is held to the strict rule.
    """

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Compare keys and shapes before MMEngine copies the weights.

        Args:
            runner: The runner that loads.
            checkpoint: The file's content, or a bare state dict.

        Raises:
            ValueError: The checkpoint is of another model.
        """
        model_state = unwrap(runner.model).state_dict()
        loaded_state = {
            re.sub(r'^module\.', '', key): value
            for key, value in checkpoint.get('state_dict', checkpoint).items()
            if isinstance(value, torch.Tensor)
        }
        result = _compare(model_state, loaded_state)
        differences = result.describe()
        if not differences:
            return
        source = self._source(runner, checkpoint)
        if not self._is_fine_tuning(runner):
            raise ValueError(
                f'{source} does not belong to this model: {differences}. Use '
                'the config that the checkpoint was trained with, and the '
                'same class counts.'
            )
        few = 2 * result.num_matching < len(model_state)
        if few or result.reshaped:
            raise ValueError(
                f'{source} is of another architecture: {result.num_matching} '
                f"of the model's {len(model_state)} keys fit; {differences}. "
                'Give `load_from` a checkpoint of this architecture, or none.'
            )
        print_log(
            f'{source} fits in {result.num_matching} of {len(model_state)} '
            f'keys; the others keep their initial weights: {differences}.',
            logger='current',
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
    def _source(runner: Runner, checkpoint: dict) -> str:
        """Name the checkpoint's file and where it comes from."""
        path = runner.cfg.get('load_from')
        if path is None and runner.cfg.get('resume'):
            path = find_latest_checkpoint(runner.work_dir)
        name = f'The checkpoint {path}' if path else 'The checkpoint'
        meta = checkpoint.get('meta') or {}
        details = []
        if 'experiment_name' in meta:
            details.append(f'made by the experiment {meta["experiment_name"]}')
        classes = (meta.get('dataset_meta') or {}).get('classes')
        if classes is not None:
            details.append(f'trained on {len(classes)} classes')
        return f'{name} ({", ".join(details)})' if details else name
