"""Processes that end with their parent; trainings: `test_stopped_training.py`."""

import os
import signal
import subprocess
import sys
import time

import pytest

CHILD = """
import os, sys, time
from epsnet_mm.engine.end_with_parent import end_with_parent
sys.platform = {platform!r}
end_with_parent()
print(os.getpid(), flush=True)
time.sleep(100)
"""
PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, '-c', sys.argv[1]], stdout=subprocess.PIPE)
print(child.stdout.readline().decode(), flush=True)
input()
"""


def is_alive(process: int) -> bool:
    try:
        with open(f'/proc/{process}/stat', encoding='utf-8') as file:
            return file.read().rpartition(')')[2].split()[0] not in 'ZX'
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != 'linux', reason='reads /proc')
@pytest.mark.parametrize('platform', ['linux', 'other'])
def test_child_of_a_killed_parent(platform, repo_root):
    parent = subprocess.Popen(
        [sys.executable, '-c', PARENT, CHILD.format(platform=platform)],
        cwd=repo_root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    child = int(parent.stdout.readline())
    assert is_alive(child)
    parent.kill()
    parent.wait()
    end = time.monotonic() + 10
    while is_alive(child) and time.monotonic() < end:
        time.sleep(0.05)
    assert not is_alive(child)


WORKER = """
import os, time
from epsnet_mm.engine.end_with_parent import end_with_training
worker = os.fork()
if worker == 0:
    end_with_training(0)
    print(os.getpid(), flush=True)
    time.sleep(100)
input()
os.kill(worker, 15)
print(os.waitpid(worker, 0)[1], flush=True)
"""


@pytest.mark.skipif(sys.platform != 'linux', reason='reads /proc')
def test_worker_obeys_its_parent_only(repo_root):
    parent = subprocess.Popen(
        [sys.executable, '-c', WORKER],
        cwd=repo_root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    worker = int(parent.stdout.readline())
    os.kill(worker, signal.SIGTERM)
    time.sleep(0.5)
    assert is_alive(worker)
    # It ends with code 0, and prints that.
    assert parent.communicate('\n', timeout=30)[0] == '0\n'
