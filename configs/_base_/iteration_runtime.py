# The default runtime for trainings that count iterations instead of epochs. Such a
# config also sets `train_dataloader.sampler` to ResumableInfiniteSampler: with the
# sampler for epochs, `--resume` loads all images again that the training has seen so
# far.
_base_ = './default_runtime.py'

default_hooks = dict(checkpoint=dict(interval=40_000, by_epoch=False))
log_processor = dict(by_epoch=False)
