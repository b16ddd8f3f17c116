"""Measure whether tests notice changes of the code: `make mutation`.

Changes one place of a function at a time (an operator, a constant, a condition, a
statement), and runs the tests of its folder. A change that no test notices survives:
either a test is missing, or the change has no effect. A sample is drawn with a seed.
"""

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

import epsnet_mm.evaluation  # noqa: F401
import epsnet_mm.models  # noqa: F401

import torch

from .mutants import mutants_of
from .run_tests import INVALID, KILLED, SURVIVED, judge

ROOT = Path(__file__).resolve().parents[2]
#: Code, and the tests that must notice its changes.
TESTED = {
    'functional': 'functional',
    'models/losses': 'models/losses',
    'evaluation': 'evaluation',
    'models/heads/epsnet_fusion_head.py': 'models/heads/test_epsnet_fusion_head.py',
}
ENOUGH = 85


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--samples', type=int, default=300, help='number of mutants')
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--minutes', type=float, default=25, help='end after these')
    parser.add_argument('--only', default='', help='part of a file name')
    return parser.parse_args()


def files_of(code: str) -> list[Path]:
    path = ROOT / 'epsnet_mm' / code
    return [path] if path.is_file() else sorted(path.glob('*.py'))


def main() -> None:
    args = parse_args()
    torch.set_num_threads(1)
    end = time.monotonic() + 60 * args.minutes
    pool = [
        (code, mutant)
        for code in TESTED
        for path in files_of(code)
        if args.only in path.name
        for mutant in mutants_of(path)
    ]
    for code in {code for code, _ in pool}:
        if judge(None, [ROOT / 'tests' / TESTED[code]]) != SURVIVED:
            sys.exit(f'The tests of {code} fail without a mutant; repair them first.')
    drawn = random.Random(args.seed).sample(pool, min(args.samples, len(pool)))
    counts = {code: Counter() for code in TESTED}
    for code, mutant in drawn:
        if time.monotonic() > end:
            print('The time is over; the rest of the sample was left out.')
            break
        verdict = judge(mutant, files_to_run(code, mutant.path))
        counts[code][verdict] += 1
        if verdict == SURVIVED:
            print(f'survived: {mutant}', flush=True)
    sys.exit(not report(counts, len(pool)))


def files_to_run(code: str, path: Path) -> list[Path]:
    """The tests of some code, those of a file first: they fail soonest."""
    tests = ROOT / 'tests' / TESTED[code]
    mirrored = tests / f'test_{path.name}'
    return [mirrored, tests] if mirrored.is_file() else [tests]


def report(counts: dict[str, Counter], total: int) -> bool:
    """Print the table; whether the score is high enough."""
    print('\n| code | mutants | killed | survived | score |')
    print('| --- | ---: | ---: | ---: | ---: |')
    for code, count in [*counts.items(), ('all', sum(counts.values(), Counter()))]:
        tried = count[KILLED] + count[SURVIVED]
        score = 100 * count[KILLED] / max(tried, 1)
        numbers = f'{tried} | {count[KILLED]} | {count[SURVIVED]} | {score:.1f} %'
        print(f'| {code} | {numbers} |')
    print(f'\nDrawn from {total} mutants; {count[INVALID]} were no valid code.')
    return score >= ENOUGH


if __name__ == '__main__':
    main()
