"""Print the commands with which the Dockerfile installs the project, as a script.

They run in a clean clone, without Docker:

    python scripts/dockerfile_commands.py | bash

Left out is what is meant for the container alone: its system packages, and the removal
of caches.
"""

import re
from pathlib import Path

DOCKERFILE = Path(__file__).resolve().parents[1] / 'Dockerfile'


def install_commands(text: str) -> list[str]:
    """The commands of `RUN` instructions that call make.

    Args:
        text: Of a Dockerfile.
    """
    lines = [line for line in text.splitlines() if not line.lstrip().startswith('#')]
    joined = re.sub(r'\\\n\s*', '', '\n'.join(lines))
    runs = re.findall(r'^RUN (.+)$', joined, re.MULTILINE)
    commands = [part.strip() for run in runs for part in run.split('&&')]
    return [command for command in commands if command.startswith('make ')]


if __name__ == '__main__':
    commands = install_commands(DOCKERFILE.read_text(encoding='utf-8'))
    print('\n'.join(['set -euo pipefail', *commands]))
