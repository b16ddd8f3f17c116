"""The process of an exported network, without PyTorch.

It is run as a file, not as a module of `benchmarks`, whose import brings PyTorch:
`python -I exported_worker.py ROW.json IMAGE.npy THREADS`.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import numpy as np


def serve(
    predict: Callable[[], np.ndarray], facts: dict, out: TextIO, lines=sys.stdin
) -> None:
    """Predict for each line that is read, and answer with its milliseconds.

    A line is a number of calls. The first answer has `facts`, each later one a list
    of times, and the last one, after the end of the input, the peak of memory.

    Args:
        predict: From image array to panoptic map, (H, W) of segment numbers or ids.
        facts: For the first answer, beside the number of values in a map, its size,
            and the time of a call after two that warm up.
        out: Where answers go, a line of JSON each.
        lines: What is read.
    """
    predict()
    predict()
    start = time.perf_counter()
    panoptic = predict()
    elapsed = 1e3 * (time.perf_counter() - start)
    seen = dict(segments=len(np.unique(panoptic)), map_size=panoptic.shape)
    print(json.dumps(dict(facts, **seen, first=elapsed)), file=out, flush=True)
    for line in lines:
        times = []
        for _ in range(int(line)):
            start = time.perf_counter()
            predict()
            times.append(1e3 * (time.perf_counter() - start))
        print(json.dumps(times), file=out, flush=True)
    print(json.dumps(peak_resident()), file=out, flush=True)


def answers() -> TextIO:
    """The standard output, for answers alone; what else is printed goes to stderr."""
    own = os.fdopen(os.dup(1), 'w', encoding='utf-8')
    os.dup2(2, 1)
    return own


def peak_resident() -> float | None:
    """Peak of this process's resident memory in MiB; None where Linux is not there.

    Not `ru_maxrss`: a process inherits that of the one that started it.
    """
    try:
        status = Path('/proc/self/status').read_text(encoding='utf-8')
    except OSError:
        return None
    (line,) = (x for x in status.splitlines() if x.startswith('VmHWM:'))
    return int(line.split()[1]) / 1024


def main(row: str, image: str, threads: str) -> None:
    """Load the file of a row and serve."""
    out = answers()
    from epsnet_runtime import PanopticModel

    row, pixels = json.loads(row), np.load(image)
    # Random weights are sure of nothing.
    limits = {} if row['trained'] else dict(score_threshold=0.0)
    model = PanopticModel(row['file'], threads=int(threads), **limits)
    facts = dict(
        precision=model.metadata.precision,
        size=model.metadata.network_size,
        megabytes=file_megabytes(Path(row['file'])),
        torch='torch' in sys.modules,
    )
    serve(lambda: model(pixels).panoptic, facts, out)


def file_megabytes(file: Path) -> float:
    """Size of an exported file, with the weights that OpenVINO keeps beside it."""
    weights = file.with_suffix('.bin')
    parts = [file, weights] if file.suffix == '.xml' else [file]
    return sum(part.stat().st_size for part in parts) / 1e6


if __name__ == '__main__':
    main(*sys.argv[1:])
