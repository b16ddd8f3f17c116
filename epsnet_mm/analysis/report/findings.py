"""The first sentences of a report: what to fix first."""

from .waterfall import waterfall

#: Scores that differ more than this from precision are worth a sentence.
_CALIBRATION_LIMIT = 0.1


def findings(summary: dict, calibration: dict | None = None) -> list[str]:
    """Say in words what takes most of PQ.

    Args:
        summary: As `pq_errors.summary.summarize` gives.
        calibration: As `calibration_summary` gives, or None.

    Returns:
        Sentences, the most important one first.
    """
    quality = summary['quality']['All']
    bars = waterfall(summary)
    if not bars:
        return ['Nothing is lost: all segments are matched exactly.']
    lost = 100 - quality['pq']
    first, *others = bars
    found = [
        f'Most is lost to "{first["title"]}": {first["lost"]["All"]:.1f} of '
        f'{lost:.1f} points. PQ would be {first["repaired"]:.1f} without it.'
    ]
    best = max(bars, key=lambda bar: bar['gain'])
    if best is not first:
        found.append(
            f'Repairing "{best["title"]}" would gain more: PQ {best["repaired"]:.1f}.'
        )
    elif others:
        found.append(
            f'Next is "{others[0]["title"]}": {others[0]["lost"]["All"]:.1f} points.'
        )
    found += _worst_class(summary)
    found += _sizes(summary)
    if calibration and abs(gap := calibration['score'] - calibration['precision']) > (
        _CALIBRATION_LIMIT
    ):
        word = 'too high' if gap > 0 else 'too low'
        found.append(
            f'Scores are {word}: {calibration["score"]:.2f} on average, while '
            f'{calibration["precision"]:.2f} of these predictions are right.'
        )
    return found


def _worst_class(summary: dict) -> list[str]:
    counted = [x for x in summary['classes'] if x['tp'] + x['fp'] + x['fn']]
    if len(counted) < 2:
        return []
    worst = min(counted, key=lambda row: row['pq'])
    cause = max(worst['lost'], key=worst['lost'].get)
    return [
        f'The class with the lowest PQ is "{worst["name"]}" ({worst["pq"]:.1f}); it '
        f'loses most to "{cause}".'
    ]


def _sizes(summary: dict) -> list[str]:
    shares = {
        name: sum(summary['sizes'][name]['share'].values())
        for name in ('small', 'medium', 'large')
    }
    largest = max(shares, key=shares.get)
    total = sum(shares.values())
    if shares[largest] < total / 2:
        return []
    return [
        f'{100 * shares[largest] / total:.0f} % of the loss is in {largest} segments.'
    ]
