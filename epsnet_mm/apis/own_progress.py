"""Keeps upstream's progress bar, which is on stdout, out of an inferencer's call."""

from collections.abc import Iterator
from contextlib import contextmanager

from mmdet.apis import DetInferencer


@contextmanager
def own_progress(inferencer: DetInferencer) -> Iterator[None]:
    """Move `show_progress` of an inferencer to `shows_own_progress` for a while."""
    asked, inferencer.show_progress = inferencer.show_progress, False
    inferencer.shows_own_progress = asked
    try:
        yield
    finally:
        inferencer.show_progress, inferencer.shows_own_progress = asked, False
