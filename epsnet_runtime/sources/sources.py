"""All images of whatever a user gives, one after the other."""

import glob
import itertools
from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path

import numpy as np
from PIL import Image

from ..image_file import is_url
from ..suffixes import ANIMATION_SUFFIXES
from .animation import Animation, is_animated
from .image_files import ImageFiles, StdinPaths
from .pixels import Pixels, Stream
from .source_image import SourceImage, image_ids, stem_of, unique_stems
from .video import Video, is_video

Source = str | PathLike | int | np.ndarray | Image.Image
Clip = Animation | Video
Part = ImageFiles | StdinPaths | Pixels | Stream | Clip
_STREAMS = ('rtsp://', 'rtmp://', 'rtp://', 'udp://', 'srt://')


class Sources:
    """All images of whatever a user gives, one after the other.

    | given | meaning |
    | --- | --- |
    | a path or address | an image; a video, by its suffix; a .txt file of them |
    | a path of an animation (GIF, WebP, PNG, AVIF) | a video |
    | an address such as rtsp:// | a stream of the network |
    | a folder | its images, also those in the folders inside it |
    | a pattern such as `a/*.jpg` | the files that fit |
    | `-` | paths on the standard input |
    | a number | the camera of this index |
    | an array, an image of Pillow, a tensor | an image, see `to_array` |
    | a list or tuple of these | all of them |
    | any other iterable | images or paths, which are taken one at a time |

    Args:
        given: What the user gives.
        every: Take each N-th frame of videos, animations and cameras.
        leave_out: A folder that is not searched: pictures of an earlier run.

    Attributes:
        given: What the user gives, as a list.
        parts: What was found, in order.
        total: Number of images; None if unknown.

    Raises:
        ValueError: If there is no image, something is none, or can't be opened.
    """

    def __init__(
        self, given: Source | Iterable[Source], every: int = 1, leave_out: str = ''
    ) -> None:
        if every < 1:
            raise ValueError(f'every is {every}; give 1 or more.')
        self.parts: list[Part] = []
        self.given = given if isinstance(given, list | tuple) else [given]
        for one in self.given:
            self.parts += _videos_apart(_part(one, every, leave_out), every)
        if not self.parts:
            raise ValueError('There is no image; give a path, an array or a folder.')
        # Frames are named after their video, so no two videos may share a name.
        names = unique_stems([clip.name for clip in self.clips])
        for clip, name in zip(self.clips, names, strict=True):
            clip.name = name

    @property
    def clips(self) -> list[Clip]:
        """The parts that are sequences of frames."""
        return [part for part in self.parts if isinstance(part, Clip)]

    @property
    def total(self) -> int | None:
        """Number of images; None if unknown."""
        counts = [
            getattr(part, 'total', None) if part.is_stream else len(part)
            for part in self.parts
        ]
        return None if None in counts else sum(counts)

    def __iter__(self) -> Iterator[SourceImage]:
        """Yield each image. Nothing is read yet, except frames of videos."""
        if any(part.is_stream for part in self.parts):
            yield from self._stream()
            return
        pairs = [pair for part in self.parts for pair in part]
        names = [name or f'{number:08d}' for number, (_, name) in enumerate(pairs)]
        stems = unique_stems([stem_of(name) for name in names])
        ids = image_ids([stem_of(name) for name in names])
        for (source, _), name, stem, image_id in zip(
            pairs, names, stems, ids, strict=True
        ):
            yield SourceImage(source, name, stem, image_id)

    def _stream(self) -> Iterator[SourceImage]:
        """As `__iter__`, where names are known only as the images arrive."""
        used: set[str] = set()
        number = 0
        for part in self.parts:
            for source, name in part:
                name = name or f'{number:08d}'
                number += 1
                given = stem = stem_of(name)
                for count in itertools.count(number):
                    if stem not in used:
                        break
                    stem = f'{given}_{count}'
                used.add(stem)
                yield SourceImage(source, name, stem, number)


def _videos_apart(part: Part, every: int) -> list[Part]:
    """Make parts of the videos that a pattern or a list names among images."""
    if not isinstance(part, ImageFiles):
        return [part]
    videos = [path for path in part.paths if is_video(path)]
    if not videos:
        return [part]
    images = [path for path in part.paths if not is_video(path)]
    apart = [ImageFiles(images, part.folder)] if images else []
    return apart + [Video(path, every) for path in videos]


def _part(given: Source, every: int, leave_out: str) -> Part:
    if isinstance(given, int):
        return Video(given, every)
    if not isinstance(given, str | PathLike):
        # Arrays and tensors are iterable, too, but one of them is one image.
        is_image = hasattr(given, '__getitem__') or isinstance(given, Image.Image)
        if isinstance(given, Iterable) and not is_image:
            return Stream(iter(given))
        return Pixels(given)
    text = str(given)
    if not text:
        raise ValueError('An empty path is no image; give a path, or . for the folder.')
    if text == '-':
        return StdinPaths()
    if text.startswith(_STREAMS):
        return Video(text, every)
    if is_url(text):
        return ImageFiles([text])
    path = Path(text)
    if path.is_dir():
        return ImageFiles.of_folder(text, leave_out)
    if not path.exists():
        if text.isdecimal():
            return Video(int(text), every)
        if glob.has_magic(text):
            return ImageFiles.of_pattern(text)
    suffix = path.suffix.lower()
    if suffix == '.txt':
        return ImageFiles.of_list(text)
    if suffix in ANIMATION_SUFFIXES and is_animated(text):
        return Animation(text, every)
    return ImageFiles([text])
