"""Random numbers that depend on a place in the training, not on its past."""

import random

import numpy as np
import torch

# First numbers of the seeds, so that two purposes never share one.
FOR_SAMPLE = 0
FOR_ITERATION = 1


def seed_random(*numbers: int) -> None:
    """Seed Python, NumPy and PyTorch of this process from some numbers.

    Args:
        *numbers: Not negative. Other numbers give unrelated random numbers, also
            if they differ by one. Zeros at the end make no difference.
    """
    high, low = np.random.SeedSequence(numbers).generate_state(2).tolist()
    random.seed(high << 32 | low)
    np.random.seed(low)
    torch.manual_seed(high << 32 | low)


class SeededIndex(int):
    """The index of a sample, with numbers to seed its augmentation from.

    A data loader hands it to its workers like any other index. A dataset that calls
    `seed_random` draws the same augmentation in any worker, and in a training that
    was interrupted.

    Args:
        index: Of the sample in the dataset.
        seed: Of the training.
        position: How many samples all processes together load before this one.
    """

    def __new__(cls, index: int, seed: int, position: int) -> 'SeededIndex':
        self = super().__new__(cls, index)
        self._seed, self._position = seed, position
        return self

    def __getnewargs__(self) -> tuple[int, int, int]:
        """What a copy is made of, in another process too."""
        return int(self), self._seed, self._position

    def seed_random(self) -> None:
        """Seed this process for the sample."""
        seed_random(FOR_SAMPLE, self._seed, self._position)
