"""Counts what a conversion reads, writes and leaves out, and why."""

from collections import Counter
from collections.abc import Sequence

from epsnet_runtime.coco.panoptic_writer import PanopticWriter


class InvalidItemError(ValueError):
    """An image or an object can't be converted.

    Args:
        reason: A few words that fit after a number of items.
        message: One sentence with the remedy.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Tally:
    """Counts the items of one kind: what is read is written or left out.

    Args:
        what: Plural of the items.

    Attributes:
        num_read: Number of items in the input.
        num_written: Number of items in the output.
        left_out: Number of other items for each reason.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self.num_read = 0
        self.num_written = 0
        self.left_out: Counter[str] = Counter()
        self._examples: dict[str, str] = {}

    def leave_out(self, reason: str, example: str, count: int = 1) -> None:
        """Note items that are left out.

        Args:
            reason: A few words that fit after the count.
            example: Name of one of the items.
            count: Number of items.
        """
        if count:
            self.left_out[reason] += count
            self._examples.setdefault(reason, example)

    def reasons(self) -> list[str]:
        """For each reason the count, the reason and an example."""
        return [
            f'{count} {reason}, e.g. {self._examples[reason]}'
            for reason, count in self.left_out.most_common()
        ]

    def check(self) -> None:
        """Check that no item is lost.

        Raises:
            RuntimeError: If the numbers don't add up.
        """
        accounted = self.num_written + self.left_out.total()
        if self.num_read != accounted:
            raise RuntimeError(
                f'{self.num_read} {self.what} were read, but {accounted} were written '
                'or left out: this is a bug of the converter, please report it.'
            )

    def lines(self) -> list[str]:
        """What `ConversionReport.summary` says about the items."""
        if not self.num_read:
            return []
        total = self.left_out.total()
        head = f'{self.what}: {self.num_read} read, {self.num_written} written'
        if total:
            head += f', {total} left out'
        return [head, *(f'  {reason}' for reason in self.reasons())]


class ConversionReport:
    """Counts all that goes into a conversion, and all that comes out.

    Attributes:
        images: Images of the input.
        masks: Mask files, where the input has such.
        objects: Things.
        stuff: Regions of stuff, one per image and class.
        notes: Sentences about what may surprise.
    """

    def __init__(self) -> None:
        self.images = Tally('images')
        self.masks = Tally('masks')
        self.objects = Tally('objects')
        self.stuff = Tally('stuff regions')
        self.notes: list[str] = []
        self._written = ''

    def leave_out_image(
        self, name: str, error: ValueError, num_objects: int = 0, has_mask: bool = False
    ) -> None:
        """Note an image that can't be converted, and what goes with it.

        Args:
            name: The image.
            error: Why.
            num_objects: Number of its objects that were counted as read.
            has_mask: Whether its mask was counted as read.
        """
        reason = getattr(error, 'reason', 'that cannot be converted')
        self.images.leave_out(reason, f'{name} ({error})')
        self.objects.leave_out('of an image left out', name, num_objects)
        self.masks.leave_out('of an image left out', name, int(has_mask))

    def finish(self, writer: PanopticWriter, used_only: bool = False) -> None:
        """Count what was written, and check that nothing is lost.

        Call it before the writer publishes its files, so that an error leaves none.

        Args:
            writer: It has all images.
            used_only: Leave out the categories that have no segment.

        Raises:
            ValueError: If no segment was written.
            RuntimeError: If the numbers don't add up.
        """
        used = Counter(
            segment['category_id']
            for annotation in writer.annotations
            for segment in annotation['segments_info']
        )
        things = {x['id'] for x in writer.categories if x['isthing']}
        self.images.num_written = len(writer.images)
        self.objects.num_written = sum(used[category] for category in things)
        self.stuff.num_written = used.total() - self.objects.num_written
        if self.masks.num_read:
            self.masks.num_written = len(writer.images)
        for tally in self._tallies():
            tally.check()
        if not used:
            reasons = [
                reason for tally in self._tallies() for reason in tally.reasons()
            ]
            raise ValueError(
                f'No segment came out of {self.images.num_read} images, so nothing is '
                'written: check the input and the ids of the classes'
                + (f'; left out were {"; ".join(reasons)}.' if reasons else '.')
            )
        self._name_unused(writer, used, used_only)
        self._written = writer.summary()

    def _name_unused(
        self, writer: PanopticWriter, used: Counter, used_only: bool
    ) -> None:
        unused = [x['name'] for x in writer.categories if x['id'] not in used]
        if unused and used_only:
            writer.categories = [x for x in writer.categories if x['id'] in used]
        if unused:
            self.notes.append(
                f'Categories without a segment{", left out" if used_only else ""}: '
                f'{", ".join(unused)}.'
            )

    def _tallies(self) -> Sequence[Tally]:
        return self.images, self.masks, self.objects, self.stuff

    def summary(self) -> str:
        """What was written, the counts and the notes, a line each."""
        counts = [line for tally in self._tallies() for line in tally.lines()]
        return '\n'.join([self._written, *counts, *self.notes])
