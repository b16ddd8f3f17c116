"""What a dataset has of each class, as text for a terminal."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from epsnet_runtime.coco.categories import order_categories

from ...structures.panoptic_schema import sound_categories, sound_segments
from .image_check import ImageFindings

# Length of the longest bar.
_BAR = 20


@dataclass
class PixelCounts:
    """Pixels of the segmentation PNGs.

    Attributes:
        total: Pixels of all PNGs that could be read.
        void: Those without a label.
        areas: By category id, the pixels of each segment, without crowds.
        crowds: The same of crowds.
    """

    total: int = 0
    void: int = 0
    areas: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    crowds: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, found: ImageFindings) -> None:
        """Add an image."""
        self.total += found.num_pixels
        self.void += found.num_void
        for own, new in ((self.areas, found.areas), (self.crowds, found.crowds)):
            for category, pixels in new.items():
                own[category] += pixels

    def of_class(self, category: int) -> int:
        """All pixels of a category id, with those of crowds."""
        return sum(self.areas.get(category, ())) + sum(self.crowds.get(category, ()))


def class_table(content: dict, pixels: PixelCounts) -> str:
    """A table with one line per class in label order, and one for void.

    Crowds are counted by themselves, not among the segments; their pixels count.

    Args:
        content: The annotation file; entries with faults are left out.
        pixels: What its PNGs have.
    """
    rows = [('label', 'id', 'class', 'kind', 'images', 'segments', 'crowds')]
    rows[0] += ('median px', 'share', '')
    classes = class_rows(content, pixels)
    largest = max([pixels.void, *(row['pixels'] for row in classes)])
    for row in classes:
        keys = ('label', 'id', 'name', 'kind', 'images', 'segments', 'crowds')
        rows.append(
            (
                *(str(row[key]) for key in keys),
                '-' if row['median'] is None else f'{row["median"]:.0f}',
                *_share(row['pixels'], pixels.total, largest),
            )
        )
    void = _share(pixels.void, pixels.total, largest)
    rows.append(('', '', 'unlabelled', 'void', '', '', '', '', *void))
    return '\n'.join(_aligned(rows))


def class_rows(content: dict, pixels: PixelCounts) -> list[dict]:
    """What the table says of each class, in label order.

    Args:
        content: The annotation file; entries with faults are left out.
        pixels: What its PNGs have.

    Returns:
        For each class `label`, `id`, `name`, `kind`, numbers of `images`, `segments`
        and `crowds`, the `median` area of its segments in pixels or None, and the sum
        of its `pixels`, with those of crowds.
    """
    images, segments, crowds = _count(content)
    rows = []
    for label, category in enumerate(order_categories(sound_categories(content))):
        key = category['id']
        areas = pixels.areas.get(key, [])
        rows.append(
            dict(
                label=label,
                id=key,
                name=category['name'],
                kind='thing' if category['isthing'] else 'stuff',
                images=images[key],
                segments=segments[key],
                crowds=crowds[key],
                median=median(areas) if areas else None,
                pixels=pixels.of_class(key),
            )
        )
    return rows


def _count(content: dict) -> tuple[Counter, Counter, Counter]:
    """Number of images, segments and crowds of each category id."""
    images, segments, crowds = Counter(), Counter(), Counter()
    for _, rows in sound_segments(content):
        images.update({row['category_id'] for row in rows})
        for row in rows:
            (crowds if row.get('iscrowd', 0) else segments)[row['category_id']] += 1
    return images, segments, crowds


def _share(part: int, total: int, largest: int) -> tuple[str, str]:
    """Share of pixels in per cent, and its bar."""
    length = -(-_BAR * part // largest) if largest else 0
    return f'{100 * part / total if total else 0:.2f} %', '#' * length


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lines whose columns are aligned: names and bars left, numbers right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell.ljust(width) if column in (2, 3, 9) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield '  '.join(cells).rstrip()
