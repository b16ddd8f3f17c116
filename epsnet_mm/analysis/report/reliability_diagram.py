"""Positions of what the reliability diagram shows, in a square of 100 units."""


def reliability_diagram(calibration: dict) -> list[dict]:
    """Bars of the diagram, from low to high scores.

    Args:
        calibration: As `pq_errors.calibration.calibrate` gives.

    Returns:
        For each group with predictions: `x` and `width` of its bar, `y` of its top,
        which is its precision (y grows downwards), `score_y`, where the top would be
        if scores were probabilities, `weight`, its share of the largest group, and
        the group itself as `bin`.
    """
    most = max(x['predictions'] for x in calibration['bins'])
    return [
        dict(
            x=100 * group['low'],
            width=100 * (group['high'] - group['low']),
            y=100 * (1 - group['precision']),
            score_y=100 * (1 - group['score']),
            weight=group['predictions'] / most,
            bin=group,
        )
        for group in calibration['bins']
        if group['predictions']
    ]
