"""The dataset class of all configs."""

import logging
import os.path as osp
from typing import ClassVar

from mmdet.datasets import CocoPanopticDataset
from mmdet.registry import DATASETS
from mmengine.logging import print_log

from ..structures.panoptic_json import check_files_exist, read_panoptic_json
from ..version import __version__
from .annotation_cache import ParsedAnnotations, cache_key, load_or_parse
from .class_metainfo import label_classes
from .gc_pause import paused_gc
from .samplers.seeds import SeededIndex
from .segment_entries import has_things, parse_segments, unusable_warning

# Part of the key of the cache. To be raised whenever `parse_data_info` gives other
# entries for the same file.
CACHE_FORMAT = 2


@DATASETS.register_module()
class EPSNetPanopticDataset(CocoPanopticDataset):
    """Any dataset in COCO panoptic format.

    Differs from `CocoPanopticDataset` in these points:

    - Classes, the split into things and stuff, and the palette come from the
      annotation file, so that a new dataset needs no code. Labels are things first,
      then stuff, each in the order of the file. For COCO that is MMDetection's order.
    - Crowds are kept, as instances with `ignore_flag=1`, where upstream drops them,
      so that the instance head can ignore what lies on them. `LoadPanopticSegments`
      loads their masks.
    - The segmentation PNG is the one that the annotation names.
    - Images with stuff only are not empty: `filter_cfg` tells both cases apart.
    - A bad annotation file and missing images or PNGs (local ones) are found before
      the first batch. Segments without area or with a box under one pixel are
      reported, and their pixels are unlabelled.
    - A large annotation file is parsed once on a machine: see `cache_dir`.
    - With `test_mode=True`, `annotations` and `isthing` may be absent from the file,
      as in those of test servers. Without `isthing`, `metainfo.thing_classes` of the
      config tells which classes are things.

    With `lazy_init=True` the annotation file may be missing, because MMDetection's
    inferencers build the dataset only to ask for its palette. `metainfo` is then
    what the config says.

    Args:
        ann_file: COCO panoptic JSON, relative to `data_root`.
        metainfo: Overrides the file's `palette`. Classes given here must agree with
            the file.
        lazy_init: Put off reading the segments.
        filter_cfg: Which training images to leave out. `min_size`: those with a side
            below so many pixels. `filter_empty_gt`: those without any labelled
            segment. `filter_without_things`: those without a thing that is not a
            crowd, as the released network does.
        cache_dir: Folder where parsed annotations are kept for other processes and
            later starts. Only local files of `CACHE_FROM_BYTES` or more are cached.
            An entry belongs to the content of a file, so it is never out of date;
            it may be deleted at any time, and the last 20 stay. None for no cache.
        **kwargs: See `CocoPanopticDataset`.

    Raises:
        FileNotFoundError: The annotation file, an image or a PNG is missing.
        ValueError: The annotation file is not a valid panoptic one, or disagrees
            with `metainfo`.
    """

    METAINFO: ClassVar[dict] = {}
    # Smaller files are parsed within a second.
    CACHE_FROM_BYTES: ClassVar[int] = 16 * 2**20

    def __init__(
        self,
        ann_file: str = '',
        metainfo: dict | None = None,
        lazy_init: bool = False,
        filter_cfg: dict | None = None,
        cache_dir: str | None = '~/.cache/epsnet_mm',
        **kwargs,
    ) -> None:
        # The parent resolves the paths. The classes are in the file.
        super().__init__(
            ann_file=ann_file,
            metainfo=metainfo,
            filter_cfg=filter_cfg,
            lazy_init=True,
            **kwargs,
        )
        self.cache_dir = cache_dir
        # What the config says, before the file is asked.
        self._given_metainfo = self._metainfo
        self._state: dict = {}
        if not lazy_init:
            self.full_init()
        elif osp.isfile(self.ann_file):
            self._set_classes(self._read_content()['categories'])

    def __getitem__(self, idx: int) -> dict:
        """Load a sample; a `SeededIndex` decides on its augmentation."""
        if isinstance(idx, SeededIndex):
            idx.seed_random()
        return super().__getitem__(int(idx))

    def full_init(self) -> None:
        """Parse the annotations, or load them from the cache, and check the files."""
        if self._fully_initialized:
            return
        if self._is_cached():
            # Entries hold all images; `indices` choose among them.
            indices, self._indices = self._indices, None
            parsed = load_or_parse(self.cache_dir, self._cache_key(), self._parse)
            self.data_bytes, self.data_address = parsed.data_bytes, parsed.data_address
            self._state, self._fully_initialized = parsed.state, True
            if indices is not None:
                self.get_subset_(indices)
        else:
            with paused_gc():
                super().full_init()
        self._set_classes(self._state['categories'])
        self._check_files()
        if self._state['unusable']:
            warning = unusable_warning(self.ann_file, self._state['unusable'])
            print_log(warning, logger='current', level=logging.WARNING)
        self._state = {}

    def _is_cached(self) -> bool:
        # A subclass may parse differently, and proposals are in another file.
        return (
            type(self) is EPSNetPanopticDataset
            and self.cache_dir is not None
            and self.backend_args is None
            and self.serialize_data
            and self.proposal_file is None
            and osp.isfile(self.ann_file)
            and osp.getsize(self.ann_file) >= self.CACHE_FROM_BYTES
        )

    def _cache_key(self) -> str:
        options = dict(
            version=__version__,
            metainfo=self._given_metainfo,
            data_prefix=self.data_prefix,
            seg_map_suffix=self.seg_map_suffix,
            return_classes=self.return_classes,
            filter_cfg=self.filter_cfg,
            test_mode=self.test_mode,
        )
        return cache_key(self.ann_file, CACHE_FORMAT, sorted(options.items()))

    def _parse(self) -> ParsedAnnotations:
        with paused_gc():
            super().full_init()
        return ParsedAnnotations(self.data_bytes, self.data_address, self._state)

    def _read_content(self) -> dict:
        return read_panoptic_json(
            self.ann_file,
            with_segments=not self.test_mode,
            backend_args=self.backend_args,
        )

    def _set_classes(self, categories: list[dict]) -> None:
        """Set labels and `metainfo`."""
        categories, self._metainfo = label_classes(
            categories, self._given_metainfo, self.ann_file
        )
        self.cat_ids = [category['id'] for category in categories]
        self.cat2label = {cat_id: label for label, cat_id in enumerate(self.cat_ids)}

    def load_data_list(self) -> list[dict]:
        """Parse all images; see `parse_data_info`."""
        content = self._read_content()
        self._set_classes(content['categories'])
        images = content.pop('images')
        annotations = content.pop('annotations', ())
        positions = {x['image_id']: i for i, x in enumerate(annotations)}
        annotations = {x['image_id']: x for x in annotations}
        self._state = dict(
            categories=content['categories'],
            file_names=dict(
                img=[image['file_name'] for image in images],
                seg=[
                    self._png_name(x, annotations[x['id']])
                    for x in images
                    if x['id'] in annotations
                ],
            ),
        )
        # COCO's annotations are half a gigabyte of Python objects. Each is freed
        # when it is parsed.
        data_list = [
            self.parse_data_info(
                dict(
                    raw_img_info=image,
                    raw_ann_info=annotations.pop(image['id'], {}),
                    position=positions.get(image['id']),
                )
            )
            for image in images
        ]
        self._state['unusable'] = {
            info['img_path']: info['unusable_ids']
            for info in data_list
            if 'unusable_ids' in info
        }
        return data_list

    def _png_name(self, image: dict, annotation: dict) -> str:
        default = osp.splitext(image['file_name'])[0] + self.seg_map_suffix
        return annotation.get('file_name', default)

    def _check_files(self) -> None:
        if self.backend_args is not None:
            return
        for key, what in (('img', 'images'), ('seg', 'segmentation PNGs')):
            prefix = self.data_prefix.get(key)
            if prefix:
                check_files_exist(
                    (osp.join(prefix, name) for name in self._state['file_names'][key]),
                    self.ann_file,
                    what,
                    f"data_prefix['{key}']",
                )

    def parse_data_info(self, raw_data_info: dict) -> dict:
        """Convert the entry of one image.

        Args:
            raw_data_info: `raw_img_info`, an element of `images`,
                `raw_ann_info`, its element of `annotations`, and the `position` of
                the latter, for messages.

        Returns:
            What upstream's method returns, and `num_classes`. Segments have the key
            `is_crowd`; `instances` are those with `is_thing` or `is_crowd`, in the
            same order. There are `unusable_ids` if segments have no extent, see
            `SegmentEntries`.
        """
        image = raw_data_info['raw_img_info']
        annotation = raw_data_info['raw_ann_info']
        seg_folder, seg_map_path = self.data_prefix.get('seg'), None
        if seg_folder and annotation:
            seg_map_path = osp.join(seg_folder, self._png_name(image, annotation))
        data_info = dict(
            img_path=osp.join(self.data_prefix['img'], image['file_name']),
            img_id=image['id'],
            seg_map_path=seg_map_path,
            height=image['height'],
            width=image['width'],
            num_classes=len(self.cat_ids),
        )
        if self.return_classes:
            data_info.update(
                text=self._metainfo.get('thing_classes', ()),
                stuff_text=self._metainfo.get('stuff_classes', ()),
                custom_entities=True,
            )
        entries = parse_segments(
            annotation.get('segments_info', ()),
            self.cat2label,
            len(self._metainfo.get('thing_classes', ())),
            (image['height'], image['width']),
            f'{self.ann_file}, {image["file_name"]}: '
            f'annotations[{raw_data_info.get("position")}]',
        )
        data_info.update(
            segments_info=entries.segments_info, instances=entries.instances
        )
        if entries.unusable_ids:
            data_info['unusable_ids'] = entries.unusable_ids
        return data_info

    def filter_data(self) -> list[dict]:
        """Leave out the training images that `filter_cfg` names.

        Raises:
            ValueError: Nothing is left.
        """
        if self.test_mode or self.filter_cfg is None:
            return self.data_list
        min_size = self.filter_cfg.get('min_size', 0)
        drop_empty = self.filter_cfg.get('filter_empty_gt', False)
        drop_without_things = self.filter_cfg.get('filter_without_things', False)
        kept = [
            info
            for info in self.data_list
            if min(info['width'], info['height']) >= min_size
            and (info['segments_info'] or not drop_empty)
            and (has_things(info) or not drop_without_things)
        ]
        if not kept:
            raise ValueError(
                f'None of the {len(self.data_list)} images of {self.ann_file} '
                f'passes `filter_cfg` ({self.filter_cfg}): relax it, or '
                'correct the annotations.'
            )
        return kept
