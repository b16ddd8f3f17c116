"""Image files of one list: a file, a folder, a pattern, or a file of paths."""

import glob
import logging
import sys
from collections.abc import Iterator
from pathlib import Path, PurePath

from ..folder_files import files_in
from ..image_file import is_url
from ..suffixes import IMAGE_SUFFIXES, VIDEO_SUFFIXES

_LOGGER = logging.getLogger(__name__)


class ImageFiles:
    """Image files whose number is known.

    Args:
        paths: Paths or addresses.
        folder: Where they were found. Their names are paths inside it; without a
            folder they are the last part of the path.
    """

    is_stream = False

    def __init__(self, paths: list[str], folder: str = '') -> None:
        self.paths, self.folder = paths, folder

    def __len__(self) -> int:
        return len(self.paths)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield each path and its name."""
        for number, path in enumerate(self.paths):
            yield path, self._name(path, number)

    def _name(self, path: str, number: int) -> str:
        pure = PurePath(path.split('?')[0] if is_url(path) else path)
        if self.folder and pure.is_relative_to(self.folder):
            return pure.relative_to(self.folder).as_posix()
        return pure.name or f'{number:08d}'

    @classmethod
    def of_folder(cls, folder: str, leave_out: str = '') -> 'ImageFiles':
        """The images in a folder and in those inside it, sorted.

        Videos in it are named in the log: they are not searched for.

        Args:
            folder: The folder.
            leave_out: A folder in it that is not searched: pictures of an earlier
                run. '' for none.

        Raises:
            ValueError: If there are none.
        """
        left_out = Path(leave_out).resolve() if leave_out else None
        # A run that writes into the searched folder itself must not lose its images.
        if left_out == Path(folder).resolve():
            left_out = None
        files = [
            path
            for path in files_in(folder)
            if left_out is None or left_out not in path.resolve().parents
        ]
        paths = [str(x) for x in files if x.suffix.lower() in IMAGE_SUFFIXES]
        videos = [str(x) for x in files if x.suffix.lower() in VIDEO_SUFFIXES]
        if not paths:
            also = f' but videos such as {videos[0]}' if videos else ''
            raise ValueError(
                f'{folder} holds no images{also}; give an image, a video or a '
                'folder with images such as .jpg or .png.'
            )
        if videos:
            _LOGGER.warning(
                'Videos in folders are left out; give them by name: %s',
                ', '.join(videos),
            )
        return cls(paths, folder)

    @classmethod
    def of_pattern(cls, pattern: str) -> 'ImageFiles':
        """The files that a pattern fits, such as 'photos/**/*.jpg', sorted.

        Raises:
            ValueError: If none does.
        """
        paths = sorted(glob.glob(pattern, recursive=True))
        paths = [path for path in paths if Path(path).is_file()]
        if not paths:
            raise ValueError(f'No file fits {pattern}; correct the pattern.')
        # Folders before the first wild card are common to all.
        plain = []
        for part in PurePath(pattern).parts[:-1]:
            if glob.has_magic(part):
                break
            plain.append(part)
        return cls(paths, str(PurePath(*plain)) if plain else '.')

    @classmethod
    def of_list(cls, path: str) -> 'ImageFiles':
        """The images that a text file names, a path or address on each line.

        Relative paths start at the folder of the file. Empty lines are left out.

        Raises:
            ValueError: If it names none.
            OSError: If it can't be read.
        """
        try:
            lines = Path(path).read_text(encoding='utf-8-sig').splitlines()
        except UnicodeDecodeError:
            raise ValueError(
                f'{path} is no text in UTF-8; write a path on each line.'
            ) from None
        names = [line.strip() for line in lines if line.strip()]
        if not names:
            raise ValueError(f'{path} names no images; write a path on each line.')
        home = Path(path).parent
        return cls([name if is_url(name) else str(home / name) for name in names])


class StdinPaths:
    """Paths that arrive on the standard input, a line each, as they arrive."""

    is_stream = True

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield each path and its name."""
        for line in sys.stdin:
            path = line.strip()
            if path:
                yield path, PurePath(path).name
