import threading
import time

from epsnet_runtime.streams.prefetch import prefetch

import pytest


def test_order_and_end():
    assert list(prefetch(range(100), 3)) == list(range(100))
    assert list(prefetch([], 1)) == []


def test_no_more_than_the_depth_waits():
    made = []

    def numbers():
        for number in range(100):
            made.append(number)
            yield number

    items = prefetch(numbers(), 2)
    assert next(items) == 0
    time.sleep(0.3)
    # One was taken, two wait, and one is in the thread's hand.
    assert len(made) <= 4
    items.close()


def test_errors_are_raised_in_the_caller():
    def numbers():
        yield 1
        raise OSError('disk full')

    items = prefetch(numbers(), 2)
    assert next(items) == 1
    with pytest.raises(OSError, match='disk full'):
        next(items)


def test_a_closed_stream_ends_its_thread():
    before = threading.active_count()
    items = prefetch(iter(int, 1), 2)
    next(items)
    items.close()
    limit = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < limit:
        time.sleep(0.02)
    assert threading.active_count() == before
