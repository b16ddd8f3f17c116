"""The network behind the page: one image at a time, and the last results."""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ..class_info import ClassInfo
from ..panoptic_result import PanopticResult
from ..suffixes import VIDEO_SUFFIXES

# Results that are kept for downloads. One of 12 megapixels takes about 80 MB.
_MAX_RESULTS = 8
# The form takes images alone. `iter_results` would open these as lists and videos.
_NO_IMAGES = ('.txt', *VIDEO_SUFFIXES)


class OneThreshold(Protocol):
    """What the page needs of `PanopticModel` and `PanopticInferencer`."""

    classes: Sequence[ClassInfo]
    failures: list[str]
    overlap_threshold: float | None

    def iter_results(self, sources: Iterable) -> Iterator[PanopticResult]:
        """Predict images one after the other."""


@dataclass(frozen=True)
class PageResult:
    """A result and how to ask for it again.

    Args:
        token: Its name in the browser.
        result: The result.
        seconds: How long reading and predicting took.
    """

    token: str
    result: PanopticResult
    seconds: float


class PageModel:
    """The network behind the page.

    Requests wait for each other, since they share one network. The last results are
    kept, so that going back to a threshold costs nothing.

    Args:
        model: The network.
    """

    def __init__(self, model: OneThreshold) -> None:
        self.classes = model.classes
        self._model = model
        self._lock = threading.Lock()
        self._results: OrderedDict[tuple[str, float | None], PageResult] = OrderedDict()

    @property
    def overlap_threshold(self) -> float | None:
        """That of the network's config; None if it is unknown."""
        return self._model.overlap_threshold

    def predict(self, path: str, overlap: float | None) -> PageResult:
        """Predict an image.

        Args:
            path: Its file.
            overlap: Share of a thing that better ones may cover before it is dropped,
                from 0 to 1; None for that of the config.

        Raises:
            ValueError: If it is no image, or is damaged or too large.
        """
        key = path, overlap
        with self._lock:
            if key not in self._results:
                self._results[key] = self._run(path, overlap)
                if len(self._results) > _MAX_RESULTS:
                    self._results.popitem(last=False)
            self._results.move_to_end(key)
            return self._results[key]

    def find(self, token: str) -> PanopticResult:
        """A result by its token.

        Raises:
            ValueError: If it is no longer kept.
        """
        with self._lock:
            for entry in self._results.values():
                if entry.token == token:
                    return entry.result
        raise ValueError('This result is no longer kept; predict the image again.')

    def _run(self, path: str, overlap: float | None) -> PageResult:
        # The folder is the server's, and means nothing to who uploaded the file.
        name = Path(path).name
        if Path(path).suffix.lower() in _NO_IMAGES:
            raise ValueError(f'{name} is no image; choose a JPEG, PNG or WebP file.')
        started, configured = time.perf_counter(), self._model.overlap_threshold
        try:
            if overlap is not None:
                self._model.overlap_threshold = overlap
            results = list(self._model.iter_results([path]))
        finally:
            self._model.overlap_threshold = configured
        for failure in self._model.failures:
            raise ValueError(failure.replace(path, name))
        seconds = time.perf_counter() - started
        return PageResult(secrets.token_urlsafe(12), results[0], seconds)
