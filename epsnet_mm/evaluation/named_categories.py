"""The annotation index of the metric."""

import os.path as osp
from collections.abc import Sequence

from mmdet.datasets.api_wrappers import COCOPanoptic


class NamedCategories(COCOPanoptic):
    """The annotation index of upstream's metric, with two differences.

    Category ids come in the order of the names that are asked for. Upstream takes
    the order of the file, and so gives labels the wrong category where things and
    stuff are mixed. PNG names come from the annotations.

    Args:
        content: As `read_panoptic_json` gives.
    """

    def __init__(self, content: dict) -> None:
        super().__init__()
        self.dataset = content
        self.createIndex()
        self.img_ann_map = self.imgToAnns

    def createIndex(self) -> None:
        super().createIndex()
        for image in self.imgs.values():
            # Any other format might be lossy.
            image['segm_file'] = osp.splitext(image['file_name'])[0] + '.png'
        for annotation in self.dataset.get('annotations', ()):
            image = self.imgs.get(annotation['image_id'])
            if image and 'file_name' in annotation:
                image['segm_file'] = annotation['file_name']

    def get_cat_ids(self, cat_names: Sequence[str] = (), **kwargs) -> list[int]:
        ids = {cat['name']: cat['id'] for cat in self.dataset['categories']}
        return [ids[name] for name in cat_names]
