"""Parts of the training loop; checkpoints load as data only from here on."""
from ..utils.safe_load import install_safe_load
from . import hooks, optim_wrappers

install_safe_load()
