"""The sampler of trainings that count iterations."""

from collections.abc import Iterator
from itertools import count, islice

from mmdet.registry import DATA_SAMPLERS
from mmengine.dataset import InfiniteSampler

from .seeds import SeededIndex


@DATA_SAMPLERS.register_module()
class ResumableInfiniteSampler(InfiniteSampler):
    """`InfiniteSampler` whose indices carry seeds.

    The order is that of `InfiniteSampler`. The seed of a sample depends on how many
    are drawn before it.

    Args:
        **kwargs: As of the parent.
    """

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self._start = 0

    def skip(self, num_samples: int) -> None:
        """Start anew behind the first samples, as `IterBasedTrainLoop` resumes.

        Args:
            num_samples: Number of indices that this process leaves out.
        """
        self._start = num_samples

    def __iter__(self) -> Iterator[int]:
        """An endless stream of indices for this process."""
        stream = islice(self._indices_of_rank(), self._start, None)
        for place, index in zip(count(self._start), stream, strict=False):
            position = place * self.world_size + self.rank
            yield SeededIndex(index, self.seed, position)
