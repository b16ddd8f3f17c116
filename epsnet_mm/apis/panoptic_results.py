"""Panoptic predictions as COCO's annotations and files."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePath

from epsnet_runtime.coco.categories import categories_of_classes
from epsnet_runtime.coco.panoptic_annotation import panoptic_annotation
from epsnet_runtime.coco.panoptic_writer import PanopticWriter
from epsnet_runtime.coco.segment_ids import encode_segment_ids

from mmdet.structures import DetDataSample
from mmengine.config import Config

from ..structures.panoptic_map import prediction_map, thing_scores
from ..structures.segment_numbers import number_segments


class PanopticResults:
    """Describes panoptic predictions in COCO's format, and writes them.

    Category ids are those of the annotation file that the config's
    `test_dataloader.dataset` names, if it is on this machine; otherwise class
    label + 1. The `info` of the JSON says which.

    Args:
        cfg: With `test_dataloader.dataset`.
        dataset_meta: `classes` and `thing_classes` of the model.

    Attributes:
        categories: COCO categories, in label order.

    Raises:
        ValueError: If the annotation file lacks a class.
    """

    def __init__(self, cfg: Config, dataset_meta: Mapping) -> None:
        category_ids = read_category_ids(cfg)
        self.categories = categories_of_classes(dataset_meta, category_ids)
        self._ids_source = (
            'label + 1'
            if category_ids is None
            else cfg.test_dataloader.dataset.ann_file
        )
        self._writer: PanopticWriter | None = None

    @contextmanager
    def writing(self, out_dir: str) -> Iterator[PanopticWriter | None]:
        """Write all predictions of the block into one JSON file.

        Blocks may be nested: the outermost one decides on the folder, and
        finishes the file.

        Args:
            out_dir: Folder of `panoptic.json` and `panoptic/`; '' writes nothing.
        """
        if not out_dir or self._writer is not None:
            yield self._writer
            return
        writer = PanopticWriter(
            Path(out_dir, 'panoptic.json'),
            self.categories,
            description=f'Category ids: {self._ids_source}',
            overwrite=True,
        )
        try:
            with writer as self._writer:
                yield writer
        finally:
            self._writer = None

    def add(self, sample: DetDataSample, number: int, out_dir: str = '') -> dict:
        """Describe a prediction, and write its PNG.

        Args:
            sample: With `pred_panoptic_seg`, on any device.
            number: Stands for an id and a name that the metainfo lacks.
            out_dir: Where to write; '' writes nothing.

        Returns:
            Its annotation, see `panoptic_annotation`. Besides `panoptic_seg`, the
            segment ids as (H, W, 3) uint8 RGB, or, if they are written,
            `panoptic_seg_path`, their PNG.

        Raises:
            ValueError: If there is no `pred_panoptic_seg`.
        """
        sample = sample.cpu()
        ids, segments = number_segments(
            prediction_map(sample), self.categories, thing_scores(sample)
        )
        png = f'{output_name(sample, number)}.png'
        name = PurePath(sample.metainfo.get('img_path') or png).name
        image = dict(
            id=sample.metainfo.get('img_id', number),
            file_name=sample.metainfo.get('file_name', name),
            height=ids.shape[0],
            width=ids.shape[1],
        )
        if not out_dir:
            annotation = panoptic_annotation(image['id'], png, ids, segments)
            return dict(annotation, panoptic_seg=encode_segment_ids(ids))
        with self.writing(out_dir) as writer:
            annotation = writer.add(image, ids, segments, png)
        return dict(annotation, panoptic_seg_path=str(writer.png_dir / png))


def output_name(sample: DetDataSample, number: int) -> str:
    """Name of a prediction's files; its number if the metainfo has none."""
    return sample.metainfo.get('output_name', f'{number:08d}')


def read_category_ids(cfg: Config) -> dict[str, int] | None:
    """Category ids by name, from the annotation file that a config names.

    Args:
        cfg: With `test_dataloader.dataset`.

    Returns:
        None if the config names no file or the file is not on this machine. That is
        usual where a model is only used, not evaluated.
    """
    dataset = cfg.test_dataloader.dataset
    if not dataset.get('ann_file'):
        return None
    path = Path(dataset.get('data_root') or '', dataset.ann_file)
    if not path.is_file():
        return None
    categories = json.loads(path.read_text(encoding='utf-8'))['categories']
    return {category['name']: category['id'] for category in categories}
