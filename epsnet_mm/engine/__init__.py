"""Parts of the training loop."""

from . import end_with_parent, hooks, loops, optim_wrappers
