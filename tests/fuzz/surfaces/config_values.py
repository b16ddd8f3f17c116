"""Wrong values in a config, which must end a training before its first iteration."""

import copy
import random
from collections.abc import Callable
from pathlib import Path

from epsnet_mm.engine.runner_config.value_check import check_values
from tests.engine.tiny_runner import tiny_config

from mmdet.registry import HOOKS
from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.runner import Runner

from ..mutators.json_content import places
from ..mutators.option_typo import VALUES
from ..outcomes import SilentFault

# They make a training long, not wrong.
_LEFT_ALONE = ('work_dir', 'num_workers', 'max_epochs', 'length')
_ROOT = Path(__file__).resolve().parents[3]


@HOOKS.register_module(force=True)
class IterationCounter(Hook):
    """Counts the iterations of this process."""

    count = 0

    def after_train_iter(self, *args, **kwargs) -> None:
        IterationCounter.count += 1


def config_values(folder: Path) -> Callable[[random.Random], None]:
    """Two epochs of two iterations, with the hooks of all configs."""
    runtime = Config.fromfile(str(_ROOT / 'configs/_base_/default_runtime.py'))
    hooks = runtime.to_dict()['default_hooks']
    hooks.pop('visualization')
    # The metric of this training gives no PQ.
    hooks['checkpoint'].pop('save_best', None)
    numbers = iter(range(10**9))

    def run(draw: random.Random) -> None:
        number = next(numbers)
        sound = tiny_config(folder / 'work', images=2)
        sound |= dict(
            default_hooks=copy.deepcopy(hooks),
            train_cfg=dict(by_epoch=True, max_epochs=2, val_interval=1),
            log_level='ERROR',
            default_scope='mmdet',
            model=dict(type='mmengine.TinyModel'),
            custom_hooks=[dict(type='IterationCounter')],
            experiment_name=f'values{number}',
            param_scheduler=[dict(type='MultiStepLR', milestones=[1], gamma=0.1)],
        )
        for loader in ('train_dataloader', 'val_dataloader', 'test_dataloader'):
            sound[loader] = copy.deepcopy(sound[loader])
            sound[loader]['dataset']['type'] = 'mmengine.Ones'
        for evaluator in ('val_evaluator', 'test_evaluator'):
            sound[evaluator] = dict(type='mmengine.CountMetric')
        node, key = draw.choice(
            [each for each in places(sound) if each[1] not in _LEFT_ALONE]
        )
        node[key] = copy.deepcopy(draw.choice(VALUES))
        IterationCounter.count = 0
        check_values(Config(copy.deepcopy(sound)))
        try:
            Runner.from_cfg(sound).train()
        except Exception as error:
            if IterationCounter.count:
                raise SilentFault(
                    f'{key}={node[key]!r} ends the training after iteration '
                    f'{IterationCounter.count}: {error!r}'
                ) from error
            raise

    return run
