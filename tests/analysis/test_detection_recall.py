"""Objects and the detections that localize them, by hand."""

from epsnet_mm.analysis.detection_recall import (
    FoundObject,
    find_in_dataset,
    find_objects,
    keep_scores_from,
    recall_table,
)

import pytest
import torch
from mmengine.config import Config
from mmengine.structures import InstanceData


def boxes(*rows):
    return torch.tensor(rows, dtype=torch.float).reshape(-1, 4)


def detections(*rows):
    """Rows of (label, score, box)."""
    return InstanceData(
        bboxes=boxes(*(x[2] for x in rows)),
        labels=torch.tensor([x[0] for x in rows], dtype=torch.long),
        scores=torch.tensor([x[1] for x in rows], dtype=torch.float),
    )


def objects(*rows):
    """Rows of (label, box)."""
    return InstanceData(
        bboxes=boxes(*(x[1] for x in rows)),
        labels=torch.tensor([x[0] for x in rows], dtype=torch.long),
    )


def test_find_objects():
    """Detected twice; localized by another class; missed."""
    found = find_objects(
        objects((0, [0, 0, 4, 4]), (1, [10, 0, 12, 8]), (1, [30, 30, 33, 33])),
        detections(
            (0, 0.5, [0, 0, 4, 4]),
            (0, 0.75, [0, 0, 4, 3]),
            (1, 0.9, [0, 0, 4, 4]),
            (0, 0.25, [10, 0, 12, 4]),
        ),
    )

    assert found == [
        FoundObject(0, 4.0, True, 0.75),
        FoundObject(1, 4.0, True, None),
        FoundObject(1, 3.0, False, None),
    ]


def test_threshold_is_reached():
    """An IoU of exactly 1/2."""
    here, there = objects((0, [0, 0, 4, 4])), detections((0, 0.5, [0, 0, 4, 2]))

    assert find_objects(here, there, 0.5)[0].localized
    assert not find_objects(here, there, 0.51)[0].localized


@pytest.mark.parametrize(
    ('here', 'there', 'count'),
    [
        (objects(), detections((0, 1.0, [0, 0, 1, 1])), 0),
        (objects((0, [0, 0, 4, 4])), detections(), 1),
        (objects(), detections(), 0),
    ],
)
def test_nothing_to_find(here, there, count):
    found = find_objects(here, there)

    assert found == [FoundObject(0, 4.0, False, None)] * count


class StubDataset:
    """Two images; the first has an object and a crowd, the second has none."""

    infos = [[(0, 0, [0, 0, 4, 4]), (1, 1, [0, 0, 4, 4])], []]

    def __len__(self):
        return 2

    def __getitem__(self, index):
        return dict(inputs=index, data_samples=f'sample {index}')

    def get_data_info(self, index):
        return dict(
            instances=[
                dict(bbox_label=label, ignore_flag=ignored, bbox=box)
                for label, ignored, box in self.infos[index]
            ]
        )


class StubModel:
    """Detects the first object of the first image."""

    bbox_head = property(lambda self: self)

    def data_preprocessor(self, data, training):
        assert not training
        return data

    def extract_feat(self, inputs):
        return f'features {inputs[0]}'

    def predict(self, feats, samples):
        assert feats.split()[1] == samples[0].split()[1]
        return [detections((0, 0.5, [0, 0, 4, 4]))]


def test_find_in_dataset():
    assert list(find_in_dataset(StubModel(), StubDataset())) == [
        [FoundObject(0, 4.0, True, 0.5)],
        [],
    ]


def test_score_threshold():
    model = dict(type='EPSNet', test_cfg=dict(bbox_head=dict(score_thr=0.2)))
    cfg = Config(dict(model=model))

    keep_scores_from(cfg, 0.05)

    assert cfg.model.test_cfg.bbox_head.score_thr == 0.05


def test_another_detector():
    with pytest.raises(ValueError, match=r'is no EPSNet, but PanopticFPN: give'):
        keep_scores_from(Config(dict(model=dict(type='PanopticFPN'))), 0.05)


def test_table():
    found = [
        FoundObject(1, 7.9, True, 0.5),
        FoundObject(1, 1.0, True, 0.25),
        FoundObject(1, 2.0, True, None),
        FoundObject(1, 3.0, False, None),
        FoundObject(1, 8.0, False, None),
        FoundObject(0, 20.0, True, 1.0),
    ]

    header, *lines = recall_table(found, ('cat', 'dog'), (8, 16)).splitlines()
    assert header == (
        '| class | size (px) | objects | localized | of its class | mean score |'
    )
    assert lines == [
        '| --- | --- | ---: | ---: | ---: | ---: |',
        '| cat | from 16 | 1 | 100 % | 100 % | 1.00 |',
        '| dog | below 8 | 4 | 75 % | 50 % | 0.38 |',
        '| dog | 8 to 16 | 1 | 0 % | 0 % | - |',
    ]
    assert recall_table(found, ('cat', 'dog'), ()).splitlines()[2:] == [
        '| cat | all | 1 | 100 % | 100 % | 1.00 |',
        '| dog | all | 5 | 60 % | 40 % | 0.38 |',
    ]
