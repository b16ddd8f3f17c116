"""Names of lost processes; `test_stopped_training.py` loses real ones."""

import os
import signal
import socket
import subprocess
import sys

from epsnet_mm.engine.lost_processes import find_lost, name_lost_processes

import pytest

HERE = socket.gethostname()


@pytest.mark.skipif(sys.platform != 'linux', reason='reads /proc')
def test_ended_and_stopped_processes():
    child = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE)
    roster = [(HERE, os.getpid()), (HERE, child.pid), ('elsewhere', 1)]
    assert find_lost(roster) == []
    child.send_signal(signal.SIGSTOP)
    os.waitpid(child.pid, os.WUNTRACED)
    assert find_lost(roster) == [f'rank 1 (process {child.pid} is stopped)']
    child.kill()
    child.wait()
    assert find_lost(roster) == [f'rank 1 (process {child.pid} has ended)']


def test_one_process_keeps_its_error():
    with pytest.raises(RuntimeError, match='own error'), name_lost_processes():
        raise RuntimeError('own error')
