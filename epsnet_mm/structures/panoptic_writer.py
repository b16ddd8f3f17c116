"""Writes data sets in COCO panoptic format."""

import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .panoptic_json import category_problems
from .segment_ids import measure_segments, write_segment_ids


class PanopticWriter:
    """Writes an annotation file and its PNGs, image by image.

    ``annotations/panoptic_train.json`` gets its PNGs in the folder
    ``annotations/panoptic_train``, as in COCO. Both appear when all images are
    written: an interrupted run leaves nothing behind. Use it as a context
    manager.

    Args:
        ann_file (Path): The JSON file to make.
        categories (Sequence[dict]): Its ``categories``.

    Attributes:
        images (List[dict]): The images so far.
        annotations (List[dict]): Their annotations.
        num_hidden (int): Segments without a pixel, which are left out.

    Raises:
        ValueError: Something is wrong with the categories or the name.
        FileExistsError: The file or the folder is there already.
    """

    def __init__(self, ann_file: str | Path, categories: Sequence[dict]) -> None:
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
            if path.exists():
                raise FileExistsError(
                    f'{path} exists already: remove it, or choose another '
                    'name for the annotation file.'
                )
        self.categories = list(categories)
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
        if error_type is not None:
            shutil.rmtree(self._partial, ignore_errors=True)
            return
        content = dict(
            images=self.images, annotations=self.annotations, categories=self.categories
        )
        self._partial.rename(self.png_dir)
        unfinished = Path(f'{self.ann_file}.partial')
        unfinished.write_text(json.dumps(content), encoding='utf-8')
        unfinished.rename(self.ann_file)

    def add(self, image: dict, ids: np.ndarray, segments: Sequence[dict]) -> None:
        """Write the PNG of an image and note its annotation.

        Args:
            image (dict): ``id``, ``file_name``, ``width``, ``height``. The PNG
                is named after it.
            ids (np.ndarray): (H, W) segment ids, 0 is unlabelled.
            segments (Sequence[dict]): ``id``, ``category_id`` and ``iscrowd``
                of each; area and box are added here.

        Raises:
            ValueError: The sizes differ, ``ids`` has one that ``segments``
                lacks, or two images would share a PNG.
        """
        name = Path(image['file_name'])
        if ids.shape != (image['height'], image['width']):
            raise ValueError(
                f'The labels of {name} are {ids.shape[1]} x {ids.shape[0]} '
                f'pixels, the image {image["width"]} x {image["height"]}: '
                'they must have the same size.'
            )
        measured = measure_segments(ids)
        unknown = measured.keys() - {segment['id'] for segment in segments}
        if unknown:
            raise ValueError(
                f'The labels of {name} have the segment id '
                f'{min(unknown)}, which is not described.'
            )
        png = name.with_suffix('.png')
        if (self._partial / png).exists():
            raise ValueError(
                f'{name} and another image would share the PNG {png}: rename one.'
            )
        write_segment_ids(ids, self._partial / png)
        self.images.append(image)
        shown = [segment for segment in segments if segment['id'] in measured]
        self.num_hidden += len(segments) - len(shown)
        segments_info = []
        for segment in shown:
            area, bbox = measured[segment['id']]
            segments_info.append(dict(segment, area=area, bbox=bbox))
        self.annotations.append(
            dict(
                image_id=image['id'],
                file_name=png.as_posix(),
                segments_info=segments_info,
            )
        )

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
