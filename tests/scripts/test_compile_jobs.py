import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / 'scripts/compile_jobs.py'
GB = 10**9


@pytest.fixture(scope='module')
def script():
    spec = importlib.util.spec_from_file_location('compile_jobs', SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ('processors', 'memory', 'jobs'),
    [(8, 64 * GB, 8), (8, 7 * GB, 3), (8, GB, 1), (1, 64 * GB, 1)],
)
def test_one_job_for_each_2_gb(script, processors, memory, jobs):
    assert script.compile_jobs(processors, memory) == jobs


def test_memory_of_linux(script, tmp_path):
    meminfo = tmp_path / 'meminfo'
    meminfo.write_text('MemTotal: 9 kB\nMemAvailable:    3000 kB\n', encoding='utf-8')
    assert script.available_memory(meminfo) == 3000 * 1024


def test_memory_of_other_systems(script, tmp_path):
    assert script.available_memory(tmp_path / 'none') > 100 * 10**6


def test_it_prints_a_number():
    done = subprocess.run(
        [sys.executable, SCRIPT], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) >= 1
