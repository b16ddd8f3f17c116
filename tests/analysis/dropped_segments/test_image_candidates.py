"""Stages of the post-processing of an untrained network."""

from epsnet_mm.analysis.dropped_segments.image_candidates import find_candidates
from epsnet_mm.analysis.dropped_segments.solid_ious import TruthIndex
from epsnet_mm.structures.segment_ids import index_segments, read_segment_ids

import numpy as np
import pytest
import torch
from mmengine.dataset import pseudo_collate


@pytest.fixture
def found(untrained):
    """Candidates and the sample, of thresholds that cut; and the plain sample."""
    model, dataset, _ = untrained
    info = dataset.get_data_info(0)
    path, listed = info['seg_map_path'], [x['id'] for x in info['segments_info']]
    truth = TruthIndex(
        index_segments(read_segment_ids(path), listed, path), len(listed)
    )

    def prepare():
        data = model.data_preprocessor(pseudo_collate([dataset[0]]), False)
        return data['inputs'], data['data_samples'][0]

    with torch.no_grad():
        inputs, sample = prepare()
        scores = model.predict_parts(inputs, [sample])[0][0].scores
        model.bbox_head.test_cfg.score_thr = float(scores[len(scores) // 2])
        model.panoptic_fusion_head.test_cfg.stuff_area_limit = 5000
        (plain,) = model.predict(*prepare()[:1], [sample])
        ids = plain.pred_panoptic_seg.sem_seg.clone()
        candidates, sample = find_candidates(model, *prepare(), truth, 0.0)
    return candidates, sample.pred_panoptic_seg.sem_seg, ids, truth, model


def test_the_map_is_that_of_a_test(found):
    _, predicted, plain, _, model = found
    assert predicted.equal(plain)
    # And the thresholds are what they were.
    assert model.panoptic_fusion_head.test_cfg.stuff_area_limit == 5000
    assert model.bbox_head.test_cfg.score_thr > 0


def test_stages(found):
    candidates, *_ = found
    kept, suppressed, every = candidates.kept, candidates.suppressed, candidates.all
    count = len(kept.scores)
    assert 0 < count < len(suppressed.scores) < len(every.scores)
    assert (kept.scores > candidates.score_thr).all()
    assert (suppressed.scores[:count] == kept.scores).all()
    assert (suppressed.ious[:count] == kept.ious).all()
    assert set(suppressed.scores) <= set(every.scores)


def test_what_fusion_claims(found):
    """IoU of free parts are those of the map where detections are kept."""
    candidates, predicted, _, truth, _ = found
    numbers = predicted[0].numpy() // 1000
    claimed = candidates.claimed
    for number in range(len(claimed)):
        mask = numbers == number + 1
        assert mask.any() == claimed[number]
        if claimed[number]:
            ious = truth.mask_ious(mask, (0, 0, *mask.shape[::-1]))
            assert (candidates.free_ious[number] == ious).all()


def test_stuff_without_the_rule_of_its_area(found):
    candidates, predicted, _, truth, model = found
    things = model.panoptic_fusion_head.num_things_classes
    stuff = model.panoptic_fusion_head.num_stuff_classes
    ids = predicted[0].numpy()
    labels = np.where((ids >= things) & (ids < things + stuff), ids - things, stuff)
    left = truth.label_ious(labels, stuff + 1)[:stuff]
    # What the rule leaves is as it was; it removes whole classes.
    for with_rule, without in zip(left, candidates.stuff, strict=True):
        assert not with_rule.any() or (with_rule == without).all()
    assert (candidates.stuff > 0).any()
    assert candidates.bare_stuff.shape == candidates.stuff.shape
