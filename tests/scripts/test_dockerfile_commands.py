import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / 'scripts/dockerfile_commands.py'

DOCKERFILE = """
# RUN make nothing
FROM ubuntu
RUN apt-get update \\
    && apt-get install -y make
# A comment.
RUN make venv ops PYTHON=python3 \\
    && rm -rf "$HOME/.cache"
CMD ["make", "test"]
"""


def test_only_what_installs_the_project_is_left():
    spec = spec_from_file_location('dockerfile_commands', SCRIPT)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.install_commands(DOCKERFILE) == ['make venv ops PYTHON=python3']


def test_the_script_is_valid_shell():
    printed = subprocess.run(
        [sys.executable, SCRIPT], capture_output=True, text=True, check=True
    ).stdout
    assert 'make venv' in printed
    assert 'rm ' not in printed
    subprocess.run(['bash', '-n', '-c', printed], check=True)
