"""One segment of a panoptic map."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Segment:
    """One segment of a panoptic map: an object, or all pixels of a stuff class.

    Args:
        number: Its pixels have this value in `PanopticResult.panoptic`; from 1 on.
        class_index: Position of its class in the class list.
        class_name: Name of its class.
        isthing: Whether it is an object that can be counted.
        score: From 0 to 1; None for stuff.
        area: Number of its pixels.
        box: x1, y1, x2, y2 in pixels, the smallest box that holds all of its pixels.
    """

    number: int
    class_index: int
    class_name: str
    isthing: bool
    score: float | None
    area: int
    box: tuple[float, float, float, float]
