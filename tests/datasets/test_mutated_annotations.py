"""Damaged annotation files: all readers end well or in a sentence.

Each file differs from a good one in a value, a key or a few bytes, drawn from fixed
seeds. `MUTATIONS` can be raised by hand to search for more.
"""

import copy
import json
import os
import random
from collections import Counter
from collections.abc import Callable

from epsnet_mm.datasets import EPSNetPanopticDataset, LoadPanopticSegments
from epsnet_mm.datasets.validation.class_table import class_table
from epsnet_mm.datasets.validation.crowded_images import crowd_warnings
from epsnet_mm.datasets.validation.dataset_check import check_dataset
from epsnet_mm.datasets.validation.dataset_comparison import compare_datasets
from epsnet_mm.evaluation import EPSNetPanopticMetric

import pytest
import torch
from mmcv.transforms import LoadImageFromFile

MUTATIONS = int(os.environ.get('EPSNET_MUTATIONS', '300'))

NESTED = 'nested'
VALUES = [
    *(None, True, False, 0, 1, -1, 2, 7, 1.5, 3.0, 256**3, 10**30, 1e308),
    *(float('nan'), float('inf'), -float('inf')),
    *('', ' ', '0', '1', 'x', 'car', 'a.jpeg', '../a', 'a\0b', '\ud800', 'é' * 300),
    *([], {}, [1], [[]], {'id': 1}, [0, 0, 0, 0], [1, 1, 2, 2], [1, '1', 2, 2]),
    *([1, 1, float('nan'), 2], [0, 0, 1e9, 1e9], [3, 2, -4, -4], NESTED),
]


def places(node: object) -> list[tuple]:
    """Every container of a JSON content with each of its keys."""
    items = node.items() if isinstance(node, dict) else enumerate(node)
    found = []
    for key, value in list(items):
        found.append((node, key))
        if isinstance(value, dict | list):
            found += places(value)
    return found


def mutate(content: dict, seed: int) -> bytes:
    """A file that differs from the content in something."""
    draw = random.Random(seed)
    content = copy.deepcopy(content)
    for _ in range(draw.choice([1, 1, 1, 2])):
        node, key = draw.choice(places(content))
        action = draw.choice(['replace', 'replace', 'replace', 'delete', 'swap'])
        if action == 'replace':
            node[key] = draw.choice(VALUES)
        elif action == 'delete':
            del node[key]
        else:
            other, other_key = draw.choice(places(content))
            node[key] = copy.deepcopy(other[other_key])
    data = json.dumps(content).replace(f'"{NESTED}"', '[' * 400 + ']' * 400).encode()
    if draw.random() < 0.1:
        data = data[: draw.randrange(len(data))]
    elif draw.random() < 0.1:
        position = draw.randrange(len(data))
        data = data[:position] + bytes([draw.randrange(256)]) + data[position + 1 :]
    elif draw.random() < 0.1:
        data = b'\xef\xbb\xbf' + data
    return data


def read_as_dataset(root, test_mode: bool) -> None:
    dataset = EPSNetPanopticDataset(
        ann_file='damaged.json',
        data_root=str(root),
        data_prefix=dict(img='img', seg='seg'),
        pipeline=[LoadImageFromFile(), LoadPanopticSegments()],
        test_mode=test_mode,
        serialize_data=False,
    )
    for results in dataset:
        boxes = results['gt_bboxes'].tensor
        assert boxes.isfinite().all()
        assert (boxes >= -1).all()
        assert (boxes <= 7).all()


def read_as_checker(root) -> None:
    report = check_dataset(
        str(root / 'damaged.json'), str(root / 'seg'), str(root / 'img')
    )
    text = [class_table(report.content, report.pixels), *report.problems]
    text += report.wrong_measures + report.warnings
    text += crowd_warnings(report.content, 1, 'c.py')
    other = str(root / 'panoptic.json')
    text += compare_datasets(report.content, str(root / 'img'), other, str(root))
    # What a terminal shows.
    '\n'.join(text).encode()


def read_as_metric(root) -> None:
    metric = EPSNetPanopticMetric(str(root / 'damaged.json'), str(root / 'seg'))
    metric.dataset_meta = dict(
        classes=('car', 'person', 'grass', 'sky'), thing_classes=('car', 'person')
    )
    prediction = dict(sem_seg=torch.zeros(1, 4, 6, dtype=torch.int64))
    samples = [
        dict(img_id=i, img_path='', ori_shape=(4, 6), pred_panoptic_seg=prediction)
        for i in (1, 2)
    ]
    metric.process({}, samples)
    metric.evaluate(2)


READERS: dict[str, Callable] = {
    'training': lambda root: read_as_dataset(root, False),
    'test': lambda root: read_as_dataset(root, True),
    'checker': read_as_checker,
    'metric': read_as_metric,
}


@pytest.mark.parametrize('name', READERS)
def test_damaged_files_end_well_or_in_a_sentence(content, write_files, name, capsys):
    root = write_files(content)
    outcomes = Counter()
    for seed in range(MUTATIONS):
        (root / 'damaged.json').write_bytes(mutate(content, seed))
        try:
            READERS[name](root)
            outcomes['fine'] += 1
        except (ValueError, FileNotFoundError):
            outcomes['sentence'] += 1
        except Exception as error:
            raise AssertionError(f'{name}, seed {seed}: {error!r}') from error
    capsys.readouterr()
    assert outcomes['fine'] > MUTATIONS / 20
    # The checker stops at nothing but a file that is none.
    assert outcomes['sentence'] > (MUTATIONS / 2 if name != 'checker' else 0)
