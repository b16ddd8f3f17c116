"""Parts of the training loop; checkpoints load as data only from here on."""

from . import hooks, optim_wrappers
from .safe_load import install_safe_load

install_safe_load()
