"""Random numbers of a training that can be resumed anywhere."""

from mmdet.registry import HOOKS
from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...datasets.samplers.seeds import FOR_ITERATION, seed_random


@HOOKS.register_module()
class IterationSeedHook(Hook):
    """Seeds each iteration by its number, and keeps the seed of the data.

    What the model draws in an iteration, such as the objects whose masks it trains
    on, then depends on the seed, the iteration and the process. It does not depend
    on what was drawn before, so a resumed training draws the same. Augmentation has
    seeds of its own, see `SeededIndex`.

    Without `randomness.seed` each start takes another seed. The one of the first
    start is in the checkpoints, and a resumed training takes it again.
    """

    priority = 'VERY_HIGH'

    def __init__(self) -> None:
        self._seed = 0

    def before_train(self, runner: Runner) -> None:
        """Agree with the checkpoint on the seed, before any sample is loaded."""
        sampler = runner.train_dataloader.sampler
        seed = getattr(sampler, 'seed', runner.seed)
        self._seed = runner.message_hub.get_info('data_seed', seed)
        runner.message_hub.update_info('data_seed', self._seed)
        sampler.seed = self._seed

    def before_train_iter(
        self, runner: Runner, batch_idx: int, data_batch: dict | None = None
    ) -> None:
        """Seed this process."""
        seed_random(FOR_ITERATION, self._seed, runner.iter, runner.rank)
