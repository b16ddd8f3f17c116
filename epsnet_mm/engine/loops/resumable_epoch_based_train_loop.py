"""Epochs that can be resumed in the middle."""

from mmdet.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop


@LOOPS.register_module()
class ResumableEpochBasedTrainLoop(EpochBasedTrainLoop):
    """`EpochBasedTrainLoop` that goes on where an epoch was interrupted.

    MMEngine begins the epoch again, and counts its iterations twice. Here the
    batches that the model has seen are left out, without loading them.
    """

    def run_epoch(self) -> None:
        """Iterate over an epoch, or over what is left of it.

        Raises:
            ValueError: The sampler can't start in the middle of an epoch, or the
                epoch has fewer batches than were seen of it.
        """
        seen = self._batches_seen()
        self.runner.message_hub.update_info(
            'epoch_start', [self._epoch, self._iter - seen]
        )
        if seen:
            self._leave_out(seen)
        self.runner.call_hook('before_train_epoch')
        self.runner.model.train()
        for index, batch in enumerate(self.dataloader, seen):
            self.run_iter(index, batch)
        self.runner.call_hook('after_train_epoch')
        self._epoch += 1

    def _batches_seen(self) -> int:
        """Number of batches of this epoch before the checkpoint was written."""
        nothing = [self._epoch, self._iter]
        epoch, first = self.runner.message_hub.get_info('epoch_start', nothing)
        # A checkpoint from the end of an epoch has the start of the one before.
        return self._iter - first if epoch == self._epoch else 0

    def _leave_out(self, batches: int) -> None:
        sampler = self.dataloader.sampler
        if not hasattr(sampler, 'start_at'):
            raise ValueError(
                'The checkpoint is from the middle of an epoch, where '
                f'{type(sampler).__name__} cannot start; set '
                'train_dataloader.sampler.type=ResumableSampler, or resume from a '
                'checkpoint of the end of an epoch.'
            )
        if batches > len(self.dataloader):
            raise ValueError(
                f'The checkpoint has seen {batches} batches of an epoch, which has '
                f'{len(self.dataloader)} now; resume with the same dataset, batch '
                'size and number of processes, or from the end of an epoch.'
            )
        sampler.start_at(batches * self.dataloader.batch_size)
