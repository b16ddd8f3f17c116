"""One color per cause, for charts and for maps of errors."""

from ...evaluation.pq_terms.causes import Cause

# Causes of one kind have one hue: blue for shape, orange for class, violet for
# objects that are counted wrongly, red for misses. They differ in lightness too.
CAUSE_COLORS = {
    Cause.BOUNDARY: '#4f8edc',
    Cause.LOCALIZATION: '#1fb5ad',
    Cause.WRONG_THING: '#f59e0b',
    Cause.WRONG_STUFF: '#d97706',
    Cause.WRONG_KIND: '#fbbf5a',
    Cause.SPLIT: '#a855f7',
    Cause.MERGED: '#7c3aed',
    Cause.DUPLICATE: '#d8a8fb',
    Cause.VOID_CROWD: '#8b94a3',
    Cause.MISSED_VOID: '#ef4444',
    Cause.MISSED_COVERED: '#b91c4c',
    Cause.SPURIOUS: '#e86fb0',
}


def cause_rgb(cause: Cause) -> tuple[int, int, int]:
    """The color of a cause, as RGB from 0 to 255."""
    return tuple(bytes.fromhex(CAUSE_COLORS[cause][1:]))
