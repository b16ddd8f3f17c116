"""Parts of the training loop."""

from . import hooks, optim_wrappers
