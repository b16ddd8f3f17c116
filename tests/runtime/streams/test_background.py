import threading
import time

from epsnet_runtime.streams.background import Background

import pytest


def test_jobs_run_in_order_in_one_other_thread():
    done, threads = [], set()

    def job(number):
        threads.add(threading.get_ident())
        done.append(number)

    with Background(2) as background:
        for number in range(20):
            background.submit(job, number)
    assert done == list(range(20))
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_a_fast_caller_waits():
    done = []
    with Background(2) as background:
        for number in range(6):
            background.submit(lambda n=number: (time.sleep(0.02), done.append(n)))
            assert number - len(done) <= 3


@pytest.mark.parametrize('jobs', [1, 10])
def test_errors_reach_the_caller(jobs):
    def fail():
        raise OSError('disk full')

    with pytest.raises(OSError, match='disk full'), Background(2) as background:
        for _ in range(jobs):
            background.submit(fail)


def test_an_interrupted_block_finishes_its_jobs():
    done = []
    with pytest.raises(KeyboardInterrupt), Background(4) as background:
        for number in range(3):
            background.submit(lambda n=number: (time.sleep(0.02), done.append(n)))
        raise KeyboardInterrupt
    assert done == [0, 1, 2]
