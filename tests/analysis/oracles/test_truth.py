"""The ground truth of an image, as the file has it."""

from epsnet_mm.analysis.oracles.truth import read_truth
from epsnet_mm.structures.segment_ids import read_segment_ids

import pytest
import torch


def test_objects_and_semantic_map(untrained):
    _, dataset, cfg = untrained
    info = dataset.get_data_info(0)
    counts = cfg.model.num_things_classes, cfg.model.num_stuff_classes
    truth = read_truth(info, *counts)
    ids = torch.from_numpy(read_segment_ids(info['seg_map_path']))
    objects = [x for x in info['segments_info'] if x['is_thing']]
    assert len(objects) > 0
    for number, segment in enumerate(objects):
        mask = ids == segment['id']
        assert truth.masks[number].equal(mask)
        assert truth.labels[number] == segment['category']
        rows, columns = mask.nonzero().T
        x1, y1, x2, y2 = truth.boxes[number].tolist()
        assert (x1, y1) == (columns.min(), rows.min())
        assert (x2, y2) == (columns.max() + 1, rows.max() + 1)
    for segment in info['segments_info']:
        stuff = counts[1] if segment['is_thing'] else segment['category'] - counts[0]
        assert (truth.semantic[ids == segment['id']] == stuff).all()
    assert (truth.semantic[ids == 0] == counts[1]).all()


def test_crowds_are_no_objects(untrained):
    _, dataset, cfg = untrained
    info = dataset.get_data_info(0)
    counts = cfg.model.num_things_classes, cfg.model.num_stuff_classes
    whole = read_truth(info, *counts)
    info['segments_info'][info['segments_info'].index(first_thing(info))][
        'is_crowd'
    ] = True
    info['instances'][0]['ignore_flag'] = 1
    truth = read_truth(info, *counts)
    assert truth.masks.equal(whole.masks[1:])
    assert truth.semantic.equal(whole.semantic)


def first_thing(info):
    return next(x for x in info['segments_info'] if x['is_thing'])


def test_no_ground_truth(untrained):
    _, dataset, _ = untrained
    info = dict(dataset.get_data_info(0), seg_map_path=None)
    with pytest.raises(ValueError, match='has no ground truth'):
        read_truth(info, 1, 1)
