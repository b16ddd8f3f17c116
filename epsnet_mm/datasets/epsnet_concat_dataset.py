"""Joined datasets whose labels must mean the same."""

from collections.abc import Sequence

from mmdet.datasets import ConcatDataset
from mmdet.registry import DATASETS
from mmengine.dataset import BaseDataset

from .epsnet_panoptic_dataset import EPSNetPanopticDataset
from .wrapped_datasets import joined_difference, leaf_datasets


# `force`: MMDetection's class has the second name, which is the one in people's
# configs and scripts. Other datasets are joined as before.
@DATASETS.register_module(name=['EPSNetConcatDataset', 'ConcatDataset'], force=True)
class EPSNetConcatDataset(ConcatDataset):
    """Joins datasets, after a check that a label is the same class in all of them.

    Differs from `ConcatDataset` in these points:

    - If one of the datasets is an `EPSNetPanopticDataset`, the classes of all are
      compared, also inside other wrappers. Upstream joins them whatever their order
      is: the same object then gets another label in each dataset. `ignore_keys` does
      not turn the check off. Datasets with `return_classes=True` are not compared:
      they name their classes with each image. Datasets that name no classes cannot
      be.
    - A joined dataset can be joined with one that is not. Upstream fails because only
      the joined one has `cumulative_sizes` in its `metainfo`.

    Args:
        datasets: Configs of any datasets, or built ones that wrap no other.
        lazy_init: Put off reading the datasets.
        ignore_keys: Keys that may differ in the `metainfo` of the datasets.

    Raises:
        ValueError: The classes differ, or come in another order.
    """

    def __init__(
        self,
        datasets: Sequence[BaseDataset | dict],
        lazy_init: bool = False,
        ignore_keys: str | list[str] | None = None,
    ) -> None:
        keys = [ignore_keys] if isinstance(ignore_keys, str) else ignore_keys or []
        super().__init__(datasets, lazy_init, [*keys, 'cumulative_sizes'])

    def full_init(self) -> None:
        """Initialize all datasets and compare their classes."""
        if self._fully_initialized:
            return
        for dataset in self.datasets:
            # A dataset may read its classes only now.
            dataset.full_init()
        self._check_classes()
        super().full_init()

    def _check_classes(self) -> None:
        leaves = [
            leaf
            for leaf in leaf_datasets(self)
            if leaf.metainfo.get('classes') and not getattr(leaf, 'return_classes', 0)
        ]
        if any(isinstance(leaf, EPSNetPanopticDataset) for leaf in leaves):
            difference = joined_difference(leaves)
            if difference:
                raise ValueError(f'ConcatDataset {difference}')
