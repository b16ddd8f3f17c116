"""What a network found in one image."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from .class_info import ClassInfo, check_class_names, coco_categories
from .coco.panoptic_annotation import panoptic_annotation
from .coco.panoptic_json import write_panoptic_json
from .coco.segment_ids import write_segment_ids
from .drawing.overlay import Style, draw_overlay
from .drawing.segment_colors import Color
from .image_file import read_rgb
from .optional import require
from .outlines import mask_polygons
from .png_file import write_png
from .segment import Segment

if TYPE_CHECKING:
    import pandas
    import supervision


@dataclass(eq=False)
class PanopticResult:
    """The panoptic map of one image, and its segments.

    Args:
        panoptic: (H, W) int32 segment numbers; 0 is void.
        segments: The segments, in the order of their numbers.
        classes: All classes of the network, in label order.
        path: Where the image comes from; None for pixels.
        image: (H, W, 3) uint8 RGB; None reads `path` when pixels are needed.
        name: Name of its output files, without suffix; '' takes that of `path`.
        file_name: Name of the image in COCO's files; '' takes that of `path`.
        image_id: Id of the image in COCO's files.
    """

    panoptic: np.ndarray
    segments: Sequence[Segment]
    classes: Sequence[ClassInfo] = field(repr=False)
    path: str | None = None
    image: np.ndarray | None = field(default=None, repr=False)
    name: str = ''
    file_name: str = ''
    image_id: int = 1

    def __post_init__(self) -> None:
        """Find the names."""
        self.name = self.name or PurePath(self.path or '').stem or 'image'
        self.file_name = (
            self.file_name or PurePath(self.path or '').name or f'{self.name}.png'
        )

    def __repr__(self) -> str:
        height, width = self.panoptic.shape
        return (
            f'<PanopticResult {self.name}: {width} x {height} pixels, '
            f'{len(self.segments)} segments>'
        )

    def segment(self, number: int) -> Segment:
        """The segment of a number.

        Raises:
            ValueError: If there is none.
        """
        for segment in self.segments:
            if segment.number == number:
                return segment
        raise ValueError(
            f'{self.name} has no segment {number}; its numbers are '
            f'{[segment.number for segment in self.segments]}.'
        )

    def mask(self, number: int) -> np.ndarray:
        """The (H, W) bool mask of a segment."""
        self.segment(number)
        return self.panoptic == number

    def crop(self, number: int) -> Image.Image:
        """The pixels of a segment in its box, all others transparent: RGBA."""
        left, top, right, bottom = (int(value) for value in self.segment(number).box)
        inside = self.panoptic[top:bottom, left:right] == number
        pixels = self.pixels()[top:bottom, left:right]
        alpha = np.uint8(255) * inside[..., None]
        return Image.fromarray(np.concatenate((pixels, alpha), axis=2))

    def polygons(self, number: int) -> list[np.ndarray]:
        """The outlines of a segment, see `mask_polygons`; points are pixels x, y."""
        left, top, right, bottom = (int(value) for value in self.segment(number).box)
        part = self.panoptic[top:bottom, left:right] == number
        offset = np.array([left, top], np.int32)
        return [polygon + offset for polygon in mask_polygons(part)]

    def pixels(self) -> np.ndarray:
        """The image, (H, W, 3) uint8 RGB.

        Raises:
            ValueError: If the result has neither the image nor its path, or the file
                can't be read or has another size now.
        """
        if self.image is not None:
            return self.image
        if self.path is None:
            raise ValueError(
                f'{self.name} was predicted without its pixels; set `image` of the '
                'result to the (H, W, 3) RGB array.'
            )
        pixels = read_rgb(self.path)
        if pixels.shape[:2] != self.panoptic.shape:
            raise ValueError(
                f'{self.path} has another size than its result; predict it again.'
            )
        return pixels

    def plot(
        self,
        blend: float = 0.55,
        masks_only: bool = False,
        labels: bool = True,
        legend: bool = True,
        colors: Mapping[int, Color] | None = None,
    ) -> Image.Image:
        """Draw the segments over the image; see `Style`.

        Args:
            blend: Opacity of the colors over the image, from 0 to 1.
            masks_only: Leave the image out.
            labels: Write class and score into large segments.
            legend: Add the names and colors of the classes below.
            colors: RGB of segment numbers; None chooses them.
        """
        style = Style(blend, masks_only, labels=labels, legend=legend)
        if masks_only:
            image = np.zeros((*self.panoptic.shape, 3), np.uint8)
        else:
            image = self.pixels()
        palette = [entry.color for entry in self.classes]
        return Image.fromarray(
            draw_overlay(image, self.panoptic, self.segments, palette, style, colors)
        )

    def save(self, folder: str | Path, **style) -> None:
        """Write the picture, the map and the table.

        Args:
            folder: Gets `vis/NAME.png` (picture), `panoptic/NAME.png` (segment
                numbers R + 256 G + 65536 B) and `panoptic/NAME.json` (COCO's panoptic
                format). Existing files are replaced.
            **style: As `plot` takes.

        Raises:
            OSError: If a file can't be written.
        """
        folder = Path(folder)
        write_png(np.asarray(self.plot(**style)), folder / 'vis' / f'{self.name}.png')
        write_segment_ids(self.panoptic, folder / 'panoptic' / f'{self.name}.png')
        write_panoptic_json(
            folder / 'panoptic' / f'{self.name}.json',
            [self.coco_image()],
            [self.to_coco()],
            coco_categories(self.classes),
        )

    def select(
        self, classes: Iterable[str] | None = None, min_score: float = 0.0
    ) -> 'PanopticResult':
        """Keep some of the segments; the others become void.

        Args:
            classes: Names of the classes to keep; None for all.
            min_score: Minimum score of things, from 0 to 1. Segments without a score
                are kept.

        Returns:
            A new result; numbers stay as they are.

        Raises:
            ValueError: If the network has no such class.
        """
        if classes is None:
            wanted = [entry.name for entry in self.classes]
        else:
            wanted = list(classes)
            check_class_names(wanted, self.classes)
        kept = [
            segment
            for segment in self.segments
            if segment.class_name in wanted
            and (segment.score is None or segment.score >= min_score)
        ]
        if len(kept) == len(self.segments):
            return self
        numbers = [segment.number for segment in kept]
        solid = np.zeros(int(self.panoptic.max(initial=0)) + 1, np.int32)
        solid[numbers] = numbers
        return replace(self, panoptic=solid[self.panoptic], segments=kept)

    def coco_image(self) -> dict:
        """The image in COCO's format: `id`, `file_name`, `height`, `width`."""
        height, width = self.panoptic.shape
        return dict(
            id=self.image_id, file_name=self.file_name, height=height, width=width
        )

    def to_coco(self) -> dict:
        """The annotation in COCO's panoptic format.

        Returns:
            `image_id`, `file_name` (the PNG of the segment numbers) and
            `segments_info`: `id`, `category_id`, `isthing`, `iscrowd`, `area`, `bbox`
            and, for things, `score` of each segment.
        """
        return panoptic_annotation(
            self.image_id, f'{self.name}.png', self.panoptic, self.coco_segments()
        )

    def coco_segments(self) -> list[dict]:
        """The segments as `to_coco` gives them, without `area` and `bbox`."""
        segments = []
        for segment in self.segments:
            entry = dict(
                id=segment.number,
                category_id=self.classes[segment.class_index].id,
                isthing=int(segment.isthing),
                iscrowd=0,
            )
            if segment.score is not None:
                entry['score'] = round(segment.score, 5)
            segments.append(entry)
        return segments

    def to_supervision(self) -> 'supervision.Detections':
        """The segments as `supervision.Detections`.

        The confidence of stuff is NaN: it has no score.
        """
        supervision = require('supervision', 'supervision', 'to_supervision')
        segments = self.segments
        return supervision.Detections(
            xyxy=np.array([x.box for x in segments], np.float32).reshape(-1, 4),
            mask=np.stack([self.panoptic == x.number for x in segments])
            if segments
            else None,
            confidence=np.array([x.score for x in segments], np.float32),
            class_id=np.array([x.class_index for x in segments], int),
            data=dict(class_name=np.array([x.class_name for x in segments])),
        )

    def to_pandas(self) -> 'pandas.DataFrame':
        """The segments as a table, a row each; stuff has the score NaN."""
        pandas = require('pandas', 'pandas', 'to_pandas')
        rows = []
        for segment in self.segments:
            row = dict(vars(segment), path=self.path)
            row.update(zip(('x1', 'y1', 'x2', 'y2'), row.pop('box'), strict=True))
            rows.append(row)
        columns = 'number class_index class_name isthing score area path x1 y1 x2 y2'
        return pandas.DataFrame(rows, columns=columns.split())
