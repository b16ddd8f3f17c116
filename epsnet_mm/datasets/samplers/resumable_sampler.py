"""The sampler of trainings that count epochs."""

from collections.abc import Iterator
from itertools import islice

from mmdet.registry import DATA_SAMPLERS
from mmengine.dataset import DefaultSampler

from .seeds import SeededIndex


@DATA_SAMPLERS.register_module()
class ResumableSampler(DefaultSampler):
    """`DefaultSampler` whose indices carry seeds, and which can start late.

    The order is that of `DefaultSampler`. The seed of a sample depends on its epoch
    and its place in it. `ResumableEpochBasedTrainLoop` starts it in the middle of an
    epoch.

    Args:
        **kwargs: As of the parent.
    """

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self._start = 0

    def start_at(self, place: int) -> None:
        """Leave out the first indices of the next epoch that begins.

        Args:
            place: Number of indices that this process leaves out.
        """
        self._start = place

    def __iter__(self) -> Iterator[int]:
        """The rest of an epoch, for this process."""
        start, self._start = self._start, 0
        return self._from(start)

    def _from(self, start: int) -> Iterator[int]:
        first = self.epoch * self.num_samples
        for place, index in islice(enumerate(super().__iter__()), start, None):
            position = (first + place) * self.world_size + self.rank
            yield SeededIndex(index, self.seed, position)
