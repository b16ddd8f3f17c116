"""Check of class counts before anything runs."""

from collections.abc import Mapping
from typing import Any

from mmdet.registry import HOOKS
from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...datasets.wrapped_datasets import (
    class_difference,
    dataset_name,
    joined_difference,
    leaf_datasets,
)
from .unwrap import unwrap


@HOOKS.register_module()
class PanopticClassCheckHook(Hook):
    """Compares the classes of model and datasets before anything runs.

    Without this check a wrong count shows as an index error deep inside a loss,
    or not at all. Datasets that are joined (`ConcatDataset`), and those of training
    and validation, must have the same classes in the same order: a label is a place
    in that order. Wrapped datasets are checked one by one. Models without
    `panoptic_fusion_head` are not panoptic and are not checked.
    """

    def before_train(self, runner: Runner) -> None:
        """Check the training set, and the validation set if there is one.

        A mistake in the latter would otherwise show after the first epoch.
        """
        self._check(runner, 'train')
        if runner.val_loop is not None:
            self._check(runner, 'val')
            self._check_same_order(runner)

    def before_val(self, runner: Runner) -> None:
        """Check the validation set."""
        self._check(runner, 'val')

    def before_test(self, runner: Runner) -> None:
        """Check the test set."""
        self._check(runner, 'test')

    @staticmethod
    def _check(runner: Runner, split: str) -> None:
        """Compare the classes for one split.

        Raises:
            ValueError: The counts of model and dataset differ, joined datasets
                differ, or a dataset does not name its thing and stuff classes.
        """
        head = getattr(unwrap(runner.model), 'panoptic_fusion_head', None)
        if head is None:
            return
        dataset = getattr(runner, f'{split}_dataloader').dataset
        leaves = list(leaf_datasets(dataset))
        for leaf in leaves:
            _check_named(leaf, split)
        _check_joined(dataset, leaves, split)
        counts = dict(thing=head.num_things_classes, stuff=head.num_stuff_classes)
        for kind, expected in counts.items():
            classes = leaves[0].metainfo[f'{kind}_classes']
            if expected != len(classes):
                examples = f' ({", ".join(classes[:3])}, ...)' if classes else ''
                raise ValueError(
                    f'The model is built for {expected} {kind} classes, but '
                    f'the {split} dataset has {len(classes)}{examples}: correct '
                    '`model.num_things_classes` and `model.num_stuff_classes` '
                    '(of a detector other than EPSNet, the counts of each '
                    f'head), or `{split}_dataloader.dataset`.'
                )

    @staticmethod
    def _check_same_order(runner: Runner) -> None:
        """Compare the classes of training and validation.

        Raises:
            ValueError: They differ.
        """
        if not hasattr(unwrap(runner.model), 'panoptic_fusion_head'):
            return
        train, val = (
            next(leaf_datasets(loader.dataset))
            for loader in (runner.train_dataloader, runner.val_dataloader)
        )
        difference = class_difference(train.metainfo, val.metainfo)
        if difference:
            raise ValueError(
                f'The datasets of training ({dataset_name(train)}) and validation '
                f'({dataset_name(val)}) have different classes: {difference}; write '
                'both annotation files with the same `categories` in the same order.'
            )


def _check_named(leaf: Any, split: str) -> None:
    """Check that a dataset names its classes."""
    for key in ('thing_classes', 'stuff_classes'):
        if leaf.metainfo.get(key) is None:
            raise ValueError(
                f'The {split} dataset {type(leaf).__name__} has no '
                f'`metainfo.{key}`: use EPSNetPanopticDataset, which reads them from '
                'the annotation file, and give the categories of that file `isthing`, '
                f'or set `metainfo=dict(thing_classes=...)` of the dataset.'
            )


def _check_joined(dataset: Any, leaves: list, split: str) -> None:
    """Compare each dataset inside wrappers with the first one."""
    difference = joined_difference(leaves)
    if difference:
        raise ValueError(f'The {split} dataset {difference}')
    if not isinstance(dataset.metainfo, Mapping):
        # MMDetection's ConcatDataset then gives a list, which nothing can use.
        differing = sorted(
            key
            for key, value in leaves[0].metainfo.items()
            if any(leaf.metainfo.get(key) != value for leaf in leaves)
        )
        raise ValueError(
            f'The {split} dataset joins datasets that differ in their metainfo '
            f'({", ".join(differing)}), but not in their classes; set '
            f'`ignore_keys={differing}` of its ConcatDataset.'
        )
