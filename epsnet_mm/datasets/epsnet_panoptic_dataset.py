"""The data set class of all configs."""

import os.path as osp
from typing import ClassVar

from mmdet.datasets import CocoPanopticDataset
from mmdet.registry import DATASETS

from ..structures.categories import order_categories, panoptic_metainfo
from ..structures.panoptic_json import check_files_exist, read_panoptic_json
from .samplers.seeds import SeededIndex


@DATASETS.register_module()
class EPSNetPanopticDataset(CocoPanopticDataset):
    """Any data set in COCO panoptic format.

    Differs from `CocoPanopticDataset` in that

    - classes, thing / stuff split and palette come from the annotation file,
      so that a data set of one's own needs no code. Labels are things first,
      then stuff, each in the order of the file, however the file mixes them;
      for COCO that is MMDetection's own order;
    - crowds are kept, as instances with ``ignore_flag=1``, where upstream
      drops them, so that the instance head can ignore what lies on them.
      `LoadPanopticSegments` loads their masks;
    - the segmentation PNG is the one that the annotation names;
    - images with stuff only aren't empty: ``filter_empty_gt`` removes those
      without any labelled segment;
    - a bad annotation file and missing images or PNGs (local ones) are found
      before the first batch.

    With ``lazy_init=True`` the annotation file may be missing, because
    MMDetection's inferencers build the data set only to ask for its palette;
    ``metainfo`` is then what the config says.

    Args:
        ann_file (str): COCO panoptic JSON, relative to ``data_root``.
        metainfo (dict, optional): Overrides the file's ``palette``. Classes
            given here must agree with the file. Defaults to None.
        lazy_init (bool): Put off reading the segments. Defaults to False.
        **kwargs: See `CocoPanopticDataset`. Without ``data_prefix['seg']``
            and with ``test_mode=True`` no annotations are needed.

    Raises:
        FileNotFoundError: The annotation file, an image or a PNG is missing.
        ValueError: The annotation file is not a valid panoptic one, or
            disagrees with ``metainfo``.
    """

    METAINFO: ClassVar[dict] = {}

    def __init__(
        self,
        ann_file: str = '',
        metainfo: dict | None = None,
        lazy_init: bool = False,
        **kwargs,
    ) -> None:
        # Paths are resolved by the parent; the classes, which the rest
        # needs, are in the file.
        super().__init__(ann_file=ann_file, metainfo=metainfo, lazy_init=True, **kwargs)
        self._content: dict | None = None
        if not lazy_init or osp.isfile(self.ann_file):
            self._read_annotations()
        if not lazy_init:
            self.full_init()

    def __getitem__(self, idx: int) -> dict:
        """Load a sample; a `SeededIndex` decides on its augmentation."""
        if isinstance(idx, SeededIndex):
            idx.seed_random()
        return super().__getitem__(int(idx))

    def _read_annotations(self) -> None:
        """Read ``ann_file`` into ``_content`` and its classes into
        ``metainfo``.
        """
        self._content = read_panoptic_json(
            self.ann_file,
            with_segments=bool(self.data_prefix.get('seg')) or not self.test_mode,
            backend_args=self.backend_args,
        )
        categories = order_categories(self._content['categories'])
        self.cat_ids = [category['id'] for category in categories]
        self.cat2label = {cat_id: label for label, cat_id in enumerate(self.cat_ids)}
        from_file = panoptic_metainfo(categories)
        for key in ('classes', 'thing_classes', 'stuff_classes'):
            given = self._metainfo.get(key)
            if given is not None and tuple(given) != from_file[key]:
                raise ValueError(
                    f'`metainfo.{key}` in the config has {len(given)} classes '
                    f'and disagrees with the {len(from_file[key])} of '
                    f'{self.ann_file}: remove it, they are read from the file '
                    '(things first, then stuff).'
                )
        self._metainfo = {**from_file, **self._metainfo}

    def load_data_list(self) -> list[dict]:
        """Parse all images, after checking that their files exist."""
        if self._content is None:
            self._read_annotations()
        annotations = {
            annotation['image_id']: annotation
            for annotation in self._content.get('annotations', ())
        }
        data_list = [
            self.parse_data_info(
                dict(raw_img_info=image, raw_ann_info=annotations.get(image['id'], {}))
            )
            for image in self._content['images']
        ]
        # The parsed list replaces it; COCO's is a gigabyte of Python objects.
        self._content = None
        if self.backend_args is None:
            self._check_files(data_list)
        return data_list

    def _check_files(self, data_list: list[dict]) -> None:
        for key, path_key, what in (
            ('img', 'img_path', 'images'),
            ('seg', 'seg_map_path', 'segmentation PNGs'),
        ):
            if self.data_prefix.get(key):
                check_files_exist(
                    (info[path_key] for info in data_list),
                    self.ann_file,
                    what,
                    f"data_prefix['{key}']",
                )

    def parse_data_info(self, raw_data_info: dict) -> dict:
        """Convert one image's entry.

        Args:
            raw_data_info (dict): ``raw_img_info``, an element of ``images``,
                and ``raw_ann_info``, its element of ``annotations``.

        Returns:
            dict: What upstream's method returns; besides, segments have the
            key ``is_crowd``, and ``instances`` are the segments with
            ``is_thing`` or ``is_crowd``, in the same order.
        """
        image = raw_data_info['raw_img_info']
        annotation = raw_data_info['raw_ann_info']
        seg_folder = self.data_prefix.get('seg')
        seg_name = annotation.get(
            'file_name', osp.splitext(image['file_name'])[0] + self.seg_map_suffix
        )
        data_info = dict(
            img_path=osp.join(self.data_prefix['img'], image['file_name']),
            img_id=image['id'],
            seg_map_path=osp.join(seg_folder, seg_name) if seg_folder else None,
            height=image['height'],
            width=image['width'],
            instances=[],
            segments_info=[],
        )
        if self.return_classes:
            data_info.update(
                text=self._metainfo['thing_classes'],
                stuff_text=self._metainfo['stuff_classes'],
                custom_entities=True,
            )
        for segment in annotation.get('segments_info', ()):
            self._parse_segment(segment, data_info)
        return data_info

    def _parse_segment(self, segment: dict, data_info: dict) -> None:
        """Append a segment to the lists of ``data_info``."""
        try:
            x, y, w, h = segment['bbox']
            if segment['area'] <= 0 or w < 1 or h < 1:
                return
            label = self.cat2label[segment['category_id']]
            segment_id = segment['id']
        except KeyError as error:
            raise ValueError(
                f'{self.ann_file}: the segment {segment} of '
                f'{osp.basename(data_info["img_path"])} has no `bbox`, `area`,'
                ' `id` or known `category_id` '
                f'({error} not found); correct it.'
            ) from None
        in_things = label < len(self._metainfo['thing_classes'])
        is_crowd = in_things and bool(segment.get('iscrowd', 0))
        data_info['segments_info'].append(
            dict(
                id=segment_id,
                category=label,
                is_thing=in_things and not is_crowd,
                is_crowd=is_crowd,
            )
        )
        if in_things:
            data_info['instances'].append(
                dict(
                    bbox=[x, y, x + w, y + h],
                    bbox_label=label,
                    ignore_flag=int(is_crowd),
                )
            )

    def filter_data(self) -> list[dict]:
        """Leave out images below ``filter_cfg['min_size']`` pixels and, with
        ``filter_cfg['filter_empty_gt']``, those without labelled segment.

        Raises:
            ValueError: Nothing is left.
        """
        if self.test_mode or self.filter_cfg is None:
            return self.data_list
        min_size = self.filter_cfg.get('min_size', 0)
        drop_empty = self.filter_cfg.get('filter_empty_gt', False)
        kept = [
            info
            for info in self.data_list
            if min(info['width'], info['height']) >= min_size
            and (info['segments_info'] or not drop_empty)
        ]
        if not kept:
            raise ValueError(
                f'None of the {len(self.data_list)} images of {self.ann_file} '
                f'passes `filter_cfg` ({self.filter_cfg}): relax it, or '
                'correct the annotations.'
            )
        return kept
