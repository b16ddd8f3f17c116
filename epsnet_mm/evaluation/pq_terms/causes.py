"""The causes of lost panoptic quality."""

from enum import IntEnum


class Cause(IntEnum):
    """Why a term of 1 - PQ is there; in the order of the tables.

    `docs/error_analysis.md` defines each one, and `attribution.py` decides.
    """

    BOUNDARY = 0
    LOCALIZATION = 1
    WRONG_THING = 2
    WRONG_STUFF = 3
    WRONG_KIND = 4
    SPLIT = 5
    MERGED = 6
    DUPLICATE = 7
    VOID_CROWD = 8
    MISSED_VOID = 9
    MISSED_COVERED = 10
    SPURIOUS = 11

    @property
    def title(self) -> str:
        """Name in tables and files."""
        return _TITLES[self]


_TITLES = {
    Cause.BOUNDARY: 'boundary',
    Cause.LOCALIZATION: 'localization',
    Cause.WRONG_THING: 'wrong class, thing for thing',
    Cause.WRONG_STUFF: 'wrong class, stuff for stuff',
    Cause.WRONG_KIND: 'wrong class, thing and stuff',
    Cause.SPLIT: 'split',
    Cause.MERGED: 'merged',
    Cause.DUPLICATE: 'duplicate',
    Cause.VOID_CROWD: 'void and crowd',
    Cause.MISSED_VOID: 'missed, left void',
    Cause.MISSED_COVERED: 'missed, covered by others',
    Cause.SPURIOUS: 'spurious',
}
