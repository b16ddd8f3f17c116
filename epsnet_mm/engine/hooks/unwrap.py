"""The network inside the wrappers of a runner."""

from mmengine.model import BaseTTAModel, is_model_wrapper
from torch import nn


def unwrap(model: nn.Module) -> nn.Module:
    """The network itself, out of data parallelism and test-time augmentation.

    Checkpoints hold its weights and it has the heads that hooks look at;
    MMEngine's `is_model_wrapper` doesn't count test-time augmentation.
    """
    while is_model_wrapper(model) or isinstance(model, BaseTTAModel):
        model = model.module
    return model
