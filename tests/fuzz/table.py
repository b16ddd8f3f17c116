"""The result of a run: outcomes per surface, and the faults."""

import signal
import sys
from collections import Counter, defaultdict

from .isolation import Result
from .known_tracebacks import reason_for
from .outcomes import FINE, OUTCOMES, SENTENCE, TRACEBACK

_MAX_EXAMPLES = 40


class Table:
    """Counts outcomes. As a context manager, it prints them at the end.

    Ctrl-C or SIGTERM ends a run with the table so far.

    Attributes:
        has_faults: Whether there is a fault other than the known tracebacks.
    """

    def __init__(self) -> None:
        self.counts: dict[str, Counter] = defaultdict(Counter)
        self.known: Counter = Counter()
        self.faults: dict[tuple, list] = defaultdict(list)
        self.has_faults = False

    def __enter__(self) -> 'Table':
        """Take SIGTERM as Ctrl-C."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        return self

    def __exit__(self, error_type: type | None, *_) -> None:
        """Print the table, and end the program."""
        if error_type not in (None, KeyboardInterrupt):
            return
        print(self.text(), flush=True)
        if error_type is KeyboardInterrupt:
            sys.exit('The run was stopped before its end.')
        sys.exit(self.has_faults)

    def add(self, name: str, result: Result) -> None:
        """Count the result of one input of a surface."""
        self.counts[name][result.outcome] += 1
        if result.outcome in (FINE, SENTENCE):
            return
        if result.outcome == TRACEBACK and (reason := reason_for(name, result.detail)):
            self.known[reason] += 1
            return
        self.has_faults = True
        # Faults at the same place are most often one.
        place = result.detail.partition(': ')[0]
        self.faults[name, result.outcome, place].append(result)

    def text(self) -> str:
        """Markdown: a row per surface, known tracebacks, examples of faults."""
        columns = ('inputs', *OUTCOMES)
        rows = [f'| surface | {" | ".join(columns)} |', '| --- |' + ' ---: |' * 7]
        rows += [self.row(name) for name in [*self.counts, 'all']]
        for reason, count in self.known.most_common():
            rows.append(f'Known tracebacks: {count} {reason}')
        for (name, outcome, _), results in list(self.faults.items())[:_MAX_EXAMPLES]:
            first = results[0]
            rows.append(
                f'{len(results)} x {outcome}, {name}, seed {first.seed}: {first.detail}'
            )
        return '\n'.join(rows)

    def row(self, name: str) -> str:
        """The row of a surface, or that of all."""
        total = sum(self.counts.values(), Counter())
        count = total if name == 'all' else self.counts[name]
        numbers = (count.total(), *(count[each] for each in OUTCOMES))
        return f'| {name} | {" | ".join(f"{x:,}" for x in numbers)} |'
