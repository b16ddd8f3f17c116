"""Finds the mask of each image."""

from collections.abc import Sequence
from pathlib import Path

from epsnet_runtime.folder_files import files_in
from epsnet_runtime.suffixes import IMAGE_SUFFIXES

from .conversion_report import ConversionReport, InvalidItemError


def list_images(folder: str) -> list[str]:
    """All images below a folder, as sorted paths relative to it.

    Raises:
        FileNotFoundError: If there is none.
    """
    names = [
        path.relative_to(folder).as_posix()
        for path in files_in(folder)
        if path.suffix.lower() in IMAGE_SUFFIXES
    ]
    if not names:
        raise FileNotFoundError(
            f'There are no images in {folder}: check the '
            f'folder; known suffixes are {", ".join(IMAGE_SUFFIXES)}.'
        )
    return names


class MaskPairs:
    """The masks of a list of images.

    The mask of `a/x.jpg` is `a/x` + `suffix`. Masks without an image go to the
    report.

    Args:
        names: The images, relative to their folder.
        folder: Of the masks.
        suffix: End of the masks' names.
        skip_invalid: Whether images without a mask are no error.
        report: Where masks are counted.

    Raises:
        ValueError: If images have no mask, unless `skip_invalid`; always if none has.
    """

    def __init__(
        self,
        names: Sequence[str],
        folder: str,
        suffix: str,
        skip_invalid: bool,
        report: ConversionReport,
    ) -> None:
        self.folder = folder
        self.suffix = suffix
        found = {
            path.relative_to(folder).as_posix()
            for path in files_in(folder)
            if path.name.endswith(suffix)
        }
        wanted = {self._mask_name(name): name for name in reversed(names)}
        self._images = {mask: name for mask, name in wanted.items() if mask in found}
        missing = [wanted[mask] for mask in wanted if mask not in found]
        if missing and (not skip_invalid or len(missing) == len(wanted)):
            first = missing[-1]
            raise ValueError(
                f'{len(missing)} of {len(wanted)} images have no mask, e.g. '
                f'{first} lacks {Path(folder, self._mask_name(first))}: add the masks, '
                'check --mask-suffix, or pass --skip-invalid to leave the images out.'
            )
        report.masks.num_read += len(found)
        unused = sorted(found - wanted.keys())
        if unused:
            report.masks.leave_out('without an image', unused[0], len(unused))

    def _mask_name(self, name: str) -> str:
        return f'{Path(name).with_suffix("").as_posix()}{self.suffix}'

    def __contains__(self, name: str) -> bool:
        """Whether an image has a mask of its own."""
        return self._images.get(self._mask_name(name)) == name

    def path(self, name: str) -> str:
        """The mask of an image.

        Raises:
            InvalidItemError: If it has none, or an image before it has the same.
        """
        mask = self._mask_name(name)
        if mask not in self._images:
            raise InvalidItemError(
                'without a mask', f'{name} lacks {Path(self.folder, mask)}; add it.'
            )
        if name not in self:
            raise InvalidItemError(
                'with the mask of another image',
                f'{name} and {self._images[mask]} would share the mask {mask}; '
                'rename one of them.',
            )
        return str(Path(self.folder, mask))
