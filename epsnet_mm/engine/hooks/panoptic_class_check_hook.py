"""Check of class counts before anything runs."""

from mmdet.registry import HOOKS
from mmengine.hooks import Hook
from mmengine.runner import Runner

from .unwrap import unwrap


@HOOKS.register_module()
class PanopticClassCheckHook(Hook):
    """Compares the class counts of model and dataset before anything runs.

    Without this check a wrong count shows as an index error deep inside a loss,
    or not at all. Models without `panoptic_fusion_head` are not panoptic and are
    not checked.
    """

    def before_train(self, runner: Runner) -> None:
        """Check the training set, and the validation set if there is one.

        A mistake in the latter would otherwise show after the first epoch.
        """
        self._check(runner, 'train')
        if runner.val_loop is not None:
            self._check(runner, 'val')

    def before_val(self, runner: Runner) -> None:
        """Check the validation set."""
        self._check(runner, 'val')

    def before_test(self, runner: Runner) -> None:
        """Check the test set."""
        self._check(runner, 'test')

    @staticmethod
    def _check(runner: Runner, split: str) -> None:
        """Compare the counts for one split.

        Raises:
            ValueError: The counts differ, or the dataset does not name its thing
                and stuff classes.
        """
        head = getattr(unwrap(runner.model), 'panoptic_fusion_head', None)
        if head is None:
            return
        dataset = getattr(runner, f'{split}_dataloader').dataset
        metainfo = dataset.metainfo
        counts = dict(thing=head.num_things_classes, stuff=head.num_stuff_classes)
        for kind, expected in counts.items():
            classes = metainfo.get(f'{kind}_classes')
            if classes is None:
                raise ValueError(
                    f'The {split} dataset {type(dataset).__name__} has no '
                    f'`metainfo.{kind}_classes`: use EPSNetPanopticDataset, which '
                    'reads them from the annotation file.'
                )
            if expected != len(classes):
                raise ValueError(
                    f'The model is built for {expected} {kind} classes, but '
                    f'the {split} dataset has {len(classes)} '
                    f'({", ".join(classes[:3])}, ...): correct '
                    '`model.num_things_classes` and `model.num_stuff_classes` '
                    '(of a detector other than EPSNet, the counts of each '
                    f'head), or `{split}_dataloader.dataset`.'
                )
