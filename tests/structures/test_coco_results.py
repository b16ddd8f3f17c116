"""COCO's panoptic format, on maps of a few pixels."""

import json

from epsnet_mm.structures.coco_results import (
    coco_categories,
    read_category_ids,
    to_segments,
    write_json,
)

import numpy as np
import pytest
from mmengine.config import Config

META = dict(classes=('disc', 'sand'), thing_classes=('disc',))
CATEGORIES = [dict(id=7, name='disc', isthing=1), dict(id=30, name='sand', isthing=0)]


def test_categories():
    assert coco_categories(META, dict(sand=30, disc=7, more=8)) == CATEGORIES
    assert [entry['id'] for entry in coco_categories(META, None)] == [1, 2]


def test_category_that_the_file_lacks():
    with pytest.raises(ValueError, match="named 'sand'"):
        coco_categories(META, dict(disc=7))


def test_category_ids_from_the_annotation_file(tmp_path):
    cfg = Config(
        dict(
            test_dataloader=dict(
                dataset=dict(data_root=str(tmp_path), ann_file='a.json')
            )
        )
    )
    assert read_category_ids(cfg) is None
    (tmp_path / 'a.json').write_text(json.dumps(dict(categories=CATEGORIES)))
    assert read_category_ids(cfg) == dict(disc=7, sand=30)
    del cfg.test_dataloader.dataset.ann_file
    assert read_category_ids(cfg) is None


def test_segments():
    # Two discs, sand (also where it is split) and void.
    ids = np.array([[1000, 1000, 1, 2000], [2, 1, 1, 2000]])
    numbers, segments = to_segments(ids, CATEGORIES, {1000: 0.123456})
    assert numbers.tolist() == [[2, 2, 1, 3], [0, 1, 1, 3]]
    common = dict(iscrowd=0)
    assert segments == [
        dict(id=1, category_id=30, isthing=0, area=3, bbox=[1, 0, 2, 2], **common),
        dict(
            id=2,
            category_id=7,
            isthing=1,
            area=2,
            bbox=[0, 0, 2, 1],
            score=0.12346,
            **common,
        ),
        dict(id=3, category_id=7, isthing=1, area=2, bbox=[3, 0, 1, 2], **common),
    ]


def test_label_0_as_stuff_is_not_void():
    stuff_only = [dict(id=1, name='sand', isthing=0)]
    numbers, segments = to_segments(np.array([[0, 1]]), stuff_only, {})
    assert numbers.tolist() == [[1, 0]]
    assert len(segments) == 1


def test_nothing_but_void():
    numbers, segments = to_segments(np.full((2, 3), 2), CATEGORIES, {})
    assert not numbers.any()
    assert segments == []


def test_json(tmp_path):
    write_json(tmp_path / 'a.json', [dict(id=1)], [dict(image_id=1)], CATEGORIES, 'why')
    assert json.loads((tmp_path / 'a.json').read_text()) == dict(
        info=dict(description='why'),
        images=[dict(id=1)],
        annotations=[dict(image_id=1)],
        categories=CATEGORIES,
    )
