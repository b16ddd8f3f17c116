"""The network inside the wrappers of a runner."""

from mmengine.model import BaseTTAModel, is_model_wrapper
from torch import nn


def unwrap(model: nn.Module) -> nn.Module:
    """The network itself, without data parallelism and test-time augmentation.

    Checkpoints hold its weights, and hooks look at its heads. MMEngine's
    `is_model_wrapper` does not count test-time augmentation as a wrapper.
    """
    while is_model_wrapper(model) or isinstance(model, BaseTTAModel):
        model = model.module
    return model
