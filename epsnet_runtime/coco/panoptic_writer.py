"""Writes COCO panoptic files: an annotation file and its PNGs."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .categories import category_problems
from .panoptic_annotation import panoptic_annotation
from .panoptic_json import write_panoptic_json
from .segment_ids import write_segment_ids


class PanopticWriter:
    """Writes an annotation file and its PNGs, image by image.

    `annotations/panoptic_train.json` gets its PNGs in the folder
    `annotations/panoptic_train`, as in COCO. Both appear when all images are
    written: an interrupted run leaves nothing behind. Use it as a context
    manager.

    Args:
        ann_file: The JSON file to write.
        categories: Its `categories`.
        description: What `info` of the JSON says; '' for no `info`.
        overwrite: Replace an existing JSON file, and those PNGs in its folder that
            have the name of a new one.

    Attributes:
        images: The images so far.
        annotations: Their annotations.
        num_hidden: Number of segments without a pixel, which are left out.

    Raises:
        ValueError: If something is wrong with the categories or the name.
        FileExistsError: If the file or the folder exists already, unless
            `overwrite`.
    """

    def __init__(
        self,
        ann_file: str | Path,
        categories: Sequence[dict],
        description: str = '',
        overwrite: bool = False,
    ) -> None:
        for problem in category_problems(categories):
            raise ValueError(f'For {ann_file}: {problem}')
        self.ann_file = Path(ann_file)
        if self.ann_file.suffix != '.json':
            raise ValueError(
                f'The annotation file {ann_file} must end in '
                '.json; its PNGs go to the folder of that name.'
            )
        self.png_dir = self.ann_file.with_suffix('')
        for path in (self.ann_file, self.png_dir):
            if path.exists() and not overwrite:
                raise FileExistsError(
                    f'{path} exists already: remove it, or choose another '
                    'name for the annotation file.'
                )
        self.categories = list(categories)
        self.description = description
        self.overwrite = overwrite
        self.images: list[dict] = []
        self.annotations: list[dict] = []
        self.num_hidden = 0

    def __enter__(self) -> 'PanopticWriter':
        """Make a temporary folder beside the file."""
        self.ann_file.parent.mkdir(parents=True, exist_ok=True)
        self._partial = Path(
            tempfile.mkdtemp(prefix=f'.{self.ann_file.stem}-', dir=self.ann_file.parent)
        )
        self._partial.chmod(0o755)
        return self

    def __exit__(self, error_type, *_) -> None:
        """Put the finished files in place, or remove unfinished ones."""
        try:
            if error_type is None:
                self._publish()
        finally:
            shutil.rmtree(self._partial, ignore_errors=True)

    def _publish(self) -> None:
        if self.overwrite and self.png_dir.is_dir():
            for png in self._partial.rglob('*.png'):
                target = self.png_dir / png.relative_to(self._partial)
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(png, target)
        else:
            os.replace(self._partial, self.png_dir)
        # Last: a JSON file without its PNGs would look complete.
        write_panoptic_json(
            self.ann_file,
            self.images,
            self.annotations,
            self.categories,
            self.description,
        )

    def add(
        self,
        image: dict,
        ids: np.ndarray,
        segments: Sequence[dict],
        png: str | None = None,
    ) -> dict:
        """Write the PNG of an image and note its annotation.

        Args:
            image: `id`, `file_name`, `width`, `height`.
            ids: (H, W) segment ids, 0 is unlabelled.
            segments: As `panoptic_annotation` takes.
            png: Name of the PNG; None for the image's, ending in .png.

        Returns:
            The annotation.

        Raises:
            ValueError: If the sizes differ, `ids` has one that `segments` lacks,
                or two images would share a PNG.
        """
        name = image['file_name']
        if ids.shape != (image['height'], image['width']):
            raise ValueError(
                f'The labels of {name} are {ids.shape[1]} x {ids.shape[0]} '
                f'pixels, the image {image["width"]} x {image["height"]}: '
                'they must have the same size.'
            )
        if png is None:
            png = Path(name).with_suffix('.png').as_posix()
        if (self._partial / png).exists():
            raise ValueError(
                f'{name} and another image would share the PNG {png}: rename one.'
            )
        annotation = panoptic_annotation(image['id'], png, ids, segments)
        write_segment_ids(ids, self._partial / png)
        self.images.append(image)
        self.annotations.append(annotation)
        self.num_hidden += len(segments) - len(annotation['segments_info'])
        return annotation

    def summary(self) -> str:
        """A sentence about what was written."""
        count = sum(len(x['segments_info']) for x in self.annotations)
        text = (
            f'Wrote {len(self.images)} images with {count} segments to '
            f'{self.ann_file} and {self.png_dir}.'
        )
        if self.num_hidden:
            text += f' Left out {self.num_hidden} segments without any visible pixel.'
        return text
