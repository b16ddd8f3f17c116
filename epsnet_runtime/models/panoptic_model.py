"""A network in one file: image in, panoptic result out."""

from collections.abc import Iterable, Iterator, Sequence
from os import PathLike
from pathlib import Path

import numpy as np

from ..image_file import MAX_PIXELS
from ..panoptic_result import PanopticResult
from ..segment import Segment
from ..sources.pixels import BgrReader
from ..sources.source_image import SourceImage
from ..sources.sources import Source, Sources
from ..streams.batches import of_one_size, read_batches
from .model_metadata import parse_metadata
from .session import open_session

_OUTPUTS = ('panoptic_map', 'segment_image', 'segment_number', 'segment_class')
_OUTPUTS += ('segment_score', 'segment_area', 'segment_box')
THRESHOLDS = dict(
    score_threshold=np.float32, overlap_threshold=np.float32, stuff_area_limit=np.int64
)


class PanopticModel:
    """A network that `tools/deployment/export.py` has written to one file.

    ```python
    model = PanopticModel('epsnet.onnx')
    result = model('photo.jpg')
    ```

    Args:
        file: The ONNX file, or OpenVINO's `.xml` file.
        threads: Number of threads within an operation; None for all cores.
        providers: See `OnnxSession`.
        warm_up: Predict a black image of the network's size first, so that the first
            real one is as fast as the others.
        score_threshold: Minimum score of things, from 0 to 1; None for that of the
            config.
        overlap_threshold: Share of a thing that better ones may cover before it is
            dropped, from 0 to 1; None for that of the config.
        stuff_area_limit: Stuff with fewer pixels becomes void; None for that of the
            config.
        max_pixels: Width times height that an image file may declare; None for no
            limit.

    Attributes:
        metadata: What the file says about itself.
        classes: The classes, in label order.
        failures: One sentence per image of the last `iter_results` that failed.

    Raises:
        ImportError: If onnxruntime or OpenVINO is missing.
        OSError: If there is no such file.
        ValueError: If the file is none of this project, or of another version.
    """

    def __init__(
        self,
        file: str | PathLike,
        threads: int | None = None,
        providers: Sequence[str | tuple[str, dict]] | None = None,
        warm_up: bool = False,
        score_threshold: float | None = None,
        overlap_threshold: float | None = None,
        stuff_area_limit: int | None = None,
        max_pixels: int | None = MAX_PIXELS,
    ) -> None:
        self._session = open_session(file, threads, providers)
        self.metadata = parse_metadata(self._session.metadata, str(file))
        self.classes = self.metadata.classes
        missing = [name for name in _OUTPUTS if name not in self._session.outputs]
        if missing or 'image' not in self._session.inputs:
            raise ValueError(
                f'{Path(file).name} lacks {", ".join(missing) or "the input image"}; '
                'export the network again with tools/deployment/export.py.'
            )
        self._reader = BgrReader(max_pixels)
        self.score_threshold = score_threshold
        if overlap_threshold is None:
            overlap_threshold = self.metadata.defaults.get('overlap_threshold')
        self.overlap_threshold = overlap_threshold
        self.stuff_area_limit = stuff_area_limit
        self.failures: list[str] = []
        if warm_up:
            size = self.metadata.network_size or (64, 64)
            self(np.zeros((*size, 3), np.uint8))

    def __call__(self, image: Source) -> PanopticResult:
        """Predict one image.

        Args:
            image: A path or address, an array (BGR), an image of Pillow or a tensor.

        Raises:
            ValueError: If it can't be read.
        """
        (source,) = Sources([image])
        return self._predict([(source, self._read(source))])[0]

    def iter_results(
        self,
        sources: Source | Iterable[Source],
        batch_size: int = 1,
        every: int = 1,
    ) -> Iterator[PanopticResult]:
        """Predict images one after the other, with bounded memory.

        Images are read in a thread while the network works. An image that fails is
        left out and named in `failures`.

        Args:
            sources: See `Sources`.
            batch_size: Images at a time. Only images of one size share a batch.
            every: Take each N-th frame of videos.

        Yields:
            The result of each image, in order.

        Raises:
            ValueError: If there is no image.
        """
        images = sources if isinstance(sources, Sources) else Sources(sources, every)
        self.failures = []
        batches = read_batches(
            images, self._read, batch_size, self.failures, of_one_size
        )
        for batch in batches:
            yield from self._predict(batch)

    def _read(self, image: SourceImage) -> np.ndarray:
        return image.read(self._reader)

    def _predict(
        self, batch: Sequence[tuple[SourceImage, np.ndarray]]
    ) -> list[PanopticResult]:
        bgr = np.stack([pixels for _, pixels in batch])
        rgb = bgr[..., ::-1]
        fed = bgr if self.metadata.channel_order == 'bgr' else rgb
        outputs = self._session.run(
            dict(image=np.ascontiguousarray(fed), **self._thresholds())
        )
        tables = self._tables(outputs, len(batch))
        return [
            PanopticResult(
                panoptic.astype(np.int32, copy=False),
                segments,
                self.classes,
                image.path,
                pixels,
                image.stem,
                image.file_name,
                image.image_id,
            )
            for (image, _), panoptic, segments, pixels in zip(
                batch, outputs['panoptic_map'], tables, rgb, strict=True
            )
        ]

    def _thresholds(self) -> dict[str, np.ndarray]:
        """The thresholds that differ from the file's, or that it must be fed."""
        feeds = {}
        for name, kind in THRESHOLDS.items():
            value = getattr(self, name)
            if value is None:
                value = self.metadata.defaults.get(name)
            if value is not None and name in self._session.inputs:
                feeds[name] = np.array(value, kind)
        return feeds

    def _tables(
        self, outputs: dict[str, np.ndarray], num_images: int
    ) -> list[list[Segment]]:
        """The segments of each image."""
        tables: list[list[Segment]] = [[] for _ in range(num_images)]
        columns = (outputs[name].tolist() for name in _OUTPUTS[1:])
        for image, number, label, score, area, box in zip(*columns, strict=True):
            entry = self.classes[label]
            tables[image].append(
                Segment(
                    number,
                    label,
                    entry.name,
                    entry.isthing,
                    None if np.isnan(score) else score,
                    area,
                    tuple(box),
                )
            )
        return tables
