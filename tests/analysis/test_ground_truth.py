"""Objects of an image, with and without crowds."""

import json
from pathlib import Path
from types import SimpleNamespace

from epsnet_mm.analysis.ground_truth import (
    ground_truth_objects,
    image_groups,
    thing_flags,
)

import torch


def test_crowds_are_left_out():
    info = dict(
        instances=[
            dict(bbox=[0, 0, 4, 4], bbox_label=2, ignore_flag=0),
            dict(bbox=[1, 1, 2, 2], bbox_label=0, ignore_flag=1),
            dict(bbox=[0.5, 0, 1, 2], bbox_label=1, ignore_flag=0),
        ]
    )

    objects = ground_truth_objects(info)

    assert objects.bboxes.tolist() == [[0, 0, 4, 4], [0.5, 0, 1, 2]]
    assert objects.labels.tolist() == [2, 1]


def test_no_objects():
    objects = ground_truth_objects(dict(instances=[]))

    assert objects.bboxes.shape == (0, 4)
    assert objects.labels.shape == (0,)
    assert objects.labels.dtype == torch.long


def test_groups_of_images(untrained, tmp_path):
    _, dataset, cfg = untrained
    content = json.loads(Path(cfg.test_evaluator.ann_file).read_text(encoding='utf-8'))
    content['images'][1]['group'] = 'street 5'
    path = tmp_path / 'grouped.json'
    path.write_text(json.dumps(content), encoding='utf-8')
    first, _, last = (image['id'] for image in content['images'])
    assert image_groups(str(path), dataset) == [
        f'image {first}',
        'street 5',
        f'image {last}',
    ]


def test_things_by_name():
    metainfo = dict(classes=('sky', 'car', 'road'), thing_classes=('car',))

    flags = thing_flags(SimpleNamespace(metainfo=metainfo))

    assert flags.dtype == bool
    assert flags.tolist() == [False, True, False]
