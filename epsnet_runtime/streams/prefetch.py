"""Does the work of an iterator ahead, in a thread of its own."""

import queue
import threading
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar('Item')

_END = object()
# How often a waiting thread looks whether it is still wanted, in seconds.
_PATIENCE = 0.1


def prefetch(items: Iterable[Item], depth: int) -> Iterator[Item]:
    """Yield items while a thread makes the next ones.

    Args:
        items: Iterated over in the thread. Its errors are raised here.
        depth: Number of items that may wait.
    """
    waiting: queue.Queue = queue.Queue(depth)
    stopped = threading.Event()

    def put(item: object) -> bool:
        while not stopped.is_set():
            try:
                waiting.put(item, timeout=_PATIENCE)
                return True
            except queue.Full:
                continue
        return False

    def work() -> None:
        try:
            for item in items:
                if not put((item, None)):
                    return
            put((_END, None))
        # Whatever it is, the caller has to know.
        except BaseException as error:
            put((_END, error))

    thread = threading.Thread(target=work, name='prefetch', daemon=True)
    thread.start()
    try:
        while True:
            item, error = waiting.get()
            if error is not None:
                raise error
            if item is _END:
                return
            yield item
    finally:
        stopped.set()
