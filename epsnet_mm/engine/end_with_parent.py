"""Processes that do not outlive the one that started them."""

import ctypes
import os
import signal
import sys
import threading
import time

from mmengine.registry import FUNCTIONS

# Linux: the number of "send me this signal when my parent ends".
_PR_SET_PDEATHSIG = 1


def end_with_parent(number: int = signal.SIGKILL) -> None:
    """Send this process a signal as soon as its parent has ended, however it did.

    Linux does that. Elsewhere a thread looks once a second who the parent is.

    Args:
        number: Of the signal.
    """
    parent = os.getppid()
    if sys.platform == 'linux':
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:  # it ended before the call
            os.kill(os.getpid(), number)
    else:
        threading.Thread(target=_watch, args=(parent, number), daemon=True).start()


def _watch(parent: int, number: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), number)


@FUNCTIONS.register_module()
def end_with_training(worker_id: int) -> None:
    """`worker_init_fn` of a data loader whose workers end with the training.

    PyTorch's workers look for their parent too, but if it is killed, those stay that
    wait to hand over a batch.

    A scheduler may send SIGTERM to all processes of a job. A worker obeys it only if
    it comes from the training, which can then end by itself and save a checkpoint.

    Args:
        worker_id: Not used.
    """
    end_with_parent()
    if hasattr(signal, 'sigwaitinfo'):
        # Before the thread starts, so that it is blocked there too.
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
        threading.Thread(target=_obey_parent, daemon=True).start()


def _obey_parent() -> None:
    """End this process at a SIGTERM of its parent, and ignore those of others."""
    while signal.sigwaitinfo([signal.SIGTERM]).si_pid != os.getppid():
        pass
    os._exit(0)
