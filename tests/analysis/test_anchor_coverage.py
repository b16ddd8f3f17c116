"""Best IoU of objects with anchors, by hand."""

from epsnet_mm.analysis.anchor_coverage import (
    best_overlaps,
    coverage_table,
    resized_size,
)

import pytest
from mmengine.config import Config

# One square anchor of 8 px in the middle of each cell of 8 px.
ANCHORS = dict(
    type='mmdet.ImageAnchorGenerator',
    strides=[8],
    base_sizes=[8],
    scales=[1.0],
    ratios=[1.0],
)


def make_dataset(*images):
    """Images of 32 x 16 px with objects (label, ignored, box)."""
    infos = [
        dict(
            height=16,
            width=32,
            instances=[
                dict(bbox_label=label, ignore_flag=ignored, bbox=box)
                for label, ignored, box in objects
            ],
        )
        for objects in images
    ]

    class Stub:
        metainfo = dict(thing_classes=('cat', 'dog'))

        def __len__(self):
            return len(infos)

        def get_data_info(self, index):
            return infos[index]

    return Stub()


def test_best_overlaps():
    """A cell; half a cell; a box across two cells; a crowd; no objects."""
    data = make_dataset(
        [(0, 0, [8, 0, 16, 8]), (1, 0, [0, 0, 8, 4]), (1, 1, [0, 0, 8, 8])],
        [],
        [(0, 0, [4, 8, 12, 16])],
    )

    found = best_overlaps(data, ANCHORS, (16, 32))

    assert found['cat'] == pytest.approx([1, 1 / 3])
    assert found['dog'] == pytest.approx([1 / 2])


def test_images_are_resized():
    """At half the size the object has 4 x 4 px, a quarter of an anchor."""
    data = make_dataset([(0, 0, [0, 0, 8, 8])])

    assert best_overlaps(data, ANCHORS, (8, 16))['cat'] == pytest.approx([1 / 4])


def test_size_of_the_input():
    pipeline = [dict(type='LoadImageFromFile'), dict(type='Resize', scale=(32, 16))]

    cfg = Config(dict(test_dataloader=dict(dataset=dict(pipeline=pipeline))))

    assert resized_size(cfg) == (16, 32)
    cfg.test_dataloader.dataset.pipeline[1].keep_ratio = True
    with pytest.raises(ValueError, match='set keep_ratio=False'):
        resized_size(cfg)
    cfg.test_dataloader.dataset.pipeline = pipeline[:1]
    with pytest.raises(ValueError, match='has no Resize'):
        resized_size(cfg)


def test_table():
    lines = coverage_table(dict(cat=[0.2, 0.5, 0.9], dog=[]), (0.5, 0.3)).splitlines()

    assert lines == [
        '| class | objects | IoU 0.5 | IoU 0.3 |',
        '| --- | ---: | ---: | ---: |',
        '| cat | 3 | 67 % | 67 % |',
        '| dog | 0 | - | - |',
        '| all | 3 | 67 % | 67 % |',
    ]
