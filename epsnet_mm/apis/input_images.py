"""The images that an inferencer is given, and reading them."""

import glob
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path, PurePath

from epsnet_runtime.folder_files import files_in
from epsnet_runtime.sources.image_files import ImageFiles
from epsnet_runtime.sources.pixels import to_array
from epsnet_runtime.sources.source_image import (
    SourceImage,
    image_ids,
    stem_of,
    unique_stems,
)
from epsnet_runtime.suffixes import IMAGE_SUFFIXES

import numpy as np
from mmengine import fileio
from PIL import Image

from ..datasets.image_reader import ImageReader

# A path or address, pixels as `to_array` takes, or a dict with a path
# or pixels as `img_path` or `img` beside the prompts that `DetInferencer` adds.
Source = str | PathLike | np.ndarray | Image.Image | Mapping
Inputs = Source | Iterable[Source]


@dataclass
class InputImage(SourceImage):
    """One input of an inferencer.

    Args:
        prompts: More keys for the pipeline.
    """

    prompts: dict = field(default_factory=dict)


def list_sources(inputs: Inputs, leave_out: str = '') -> tuple[list[Source], str]:
    """Make a list of whatever an inferencer is given.

    Args:
        inputs: An image, a folder, which is searched with all folders in it, a
            pattern such as 'a/*.jpg', a .txt file of paths, or several images.
        leave_out: A folder that is not searched: pictures of an earlier run. '' for
            none.

    Returns:
        The images, with paths as text, all else as arrays. The folder, or
        '' if the input is none.

    Raises:
        ValueError: If there is no image, or something is neither image nor path.
    """
    folder = ''
    if isinstance(inputs, str | PathLike):
        inputs = str(inputs)
        # Addresses of the web cannot be listed.
        if hasattr(fileio.get_file_backend(inputs), 'isdir') and fileio.isdir(inputs):
            folder = inputs
        if folder:
            listed = _list_folder(folder, leave_out)
        else:
            files = _named_files(inputs)
            listed, folder = files.paths, files.folder
    elif isinstance(inputs, list | tuple) or _is_stream(inputs):
        listed = list(inputs)
    else:
        listed = [inputs]
    if not listed:
        raise ValueError(
            f'{inputs} holds no images; give an image or a '
            'folder with images such as .jpg or .png.'
        )
    return [_plain_source(source) for source in listed], folder


def check_pixels(sources: Iterable[Source], reader: ImageReader) -> None:
    """Check the form of all arrays, before anything is predicted.

    Args:
        sources: As `list_sources` gives.
        reader: Knows the form.

    Raises:
        ValueError: If an array has another form. The message names the expected one.
    """
    for source in sources:
        pixels, _ = _split_prompts(source)
        if isinstance(pixels, np.ndarray):
            reader.check(pixels)


def _is_stream(inputs: object) -> bool:
    # Arrays and tensors are iterable, too, but one of them is one image.
    return isinstance(inputs, Iterable) and not hasattr(inputs, '__getitem__')


def _named_files(name: str) -> ImageFiles:
    """The file of a name, or those of a pattern or of a list."""
    if '://' not in name:
        if not Path(name).exists() and glob.has_magic(name):
            return ImageFiles.of_pattern(name)
        if name.lower().endswith('.txt'):
            return ImageFiles.of_list(name)
    return ImageFiles([name])


def _list_folder(folder: str, leave_out: str) -> list[str]:
    """The images in a folder and in those inside it, sorted."""
    if isinstance(fileio.get_file_backend(folder), fileio.LocalBackend):
        names = [path.relative_to(folder).as_posix() for path in files_in(folder)]
    else:
        names = fileio.list_dir_or_file(folder, list_dir=False, recursive=True)
    left_out = Path(leave_out).resolve() if leave_out else None
    # A run that writes into the searched folder itself must not lose its images.
    if left_out == Path(folder).resolve():
        left_out = None
    return sorted(
        fileio.join_path(folder, name)
        for name in names
        if PurePath(name).suffix.lower() in IMAGE_SUFFIXES
        and (left_out is None or left_out not in Path(folder, name).resolve().parents)
    )


def _plain_source(source: object) -> Source:
    if isinstance(source, PathLike):
        return str(source)
    # The form of arrays depends on the config: `check_pixels`.
    if isinstance(source, str | np.ndarray):
        return source
    if isinstance(source, Mapping):
        key = 'img' if 'img' in source else 'img_path'
        if key in source:
            return {**source, key: _plain_source(source[key])}
    return to_array(source)


def name_inputs(sources: Sequence[Source], folder: str = '') -> list[InputImage]:
    """Give each input a name and an id.

    The id is the file's name if all names are different numbers, as COCO's
    are, so that results fit COCO's annotations; otherwise 1, 2, ...

    Args:
        sources: The images.
        folder: Where they were found. Names are paths inside of it; without a folder
            they are the last part of the path.
    """
    sources, prompts = zip(*map(_split_prompts, sources), strict=True)
    names = [_name(source, number, folder) for number, source in enumerate(sources)]
    stems = [stem_of(name) for name in names]
    return [
        InputImage(*fields)
        for fields in zip(
            sources, names, unique_stems(stems), image_ids(stems), prompts, strict=True
        )
    ]


def _name(source: str | np.ndarray, number: int, folder: str) -> str:
    if isinstance(source, np.ndarray):
        return f'{number:08d}'
    path = PurePath(source)
    if folder and path.is_relative_to(folder):
        return path.relative_to(folder).as_posix()
    return path.name or f'{number:08d}'


def _split_prompts(source: Source) -> tuple[str | np.ndarray, dict]:
    if not isinstance(source, Mapping):
        return source, {}
    prompts = {key: source[key] for key in source if key not in ('img', 'img_path')}
    return source['img'] if 'img' in source else source['img_path'], prompts
