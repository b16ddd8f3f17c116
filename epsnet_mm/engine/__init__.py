"""Parts of the training loop."""

from . import hooks, loops, optim_wrappers
