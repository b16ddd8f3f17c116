"""Joined datasets whose class order differs, in and around wrappers."""

import copy
import json

from epsnet_mm.datasets import EPSNetConcatDataset, EPSNetPanopticDataset

import pytest
from mmdet.datasets import ConcatDataset
from mmdet.registry import DATASETS

ALL_KEYS = ['classes', 'thing_classes', 'stuff_classes', 'palette']


@pytest.fixture
def parts(write_files, content):
    """`parts(change)`: configs of two datasets, the second with changed categories."""
    root = write_files(content)

    def make(change) -> list[dict]:
        first = dict(
            type='EPSNetPanopticDataset',
            data_root=str(root),
            ann_file='panoptic.json',
            data_prefix=dict(img='img', seg='seg'),
        )
        other = copy.deepcopy(content)
        other['categories'] = change(other['categories'])
        (root / 'other.json').write_text(json.dumps(other))
        return [first, dict(first, ann_file='other.json')]

    return make


def backwards(categories: list[dict]) -> list[dict]:
    return categories[::-1]


def unchanged(categories: list[dict]) -> list[dict]:
    return categories


def join(datasets: list[dict], **options) -> dict:
    return dict(type='ConcatDataset', datasets=datasets, **options)


def repeat(dataset: dict) -> dict:
    return dict(type='RepeatDataset', dataset=dataset, times=2)


def balance(dataset: dict) -> dict:
    return dict(type='ClassBalancedDataset', dataset=dataset, oversample_thr=1e-3)


WRAPPERS = {
    'joined': join,
    'with its scope': lambda x: dict(join(x), type='mmdet.ConcatDataset'),
    'own name': lambda x: dict(join(x), type='EPSNetConcatDataset'),
    'lazy': lambda x: join(x, lazy_init=True),
    'lazy parts': lambda x: join([dict(each, lazy_init=True) for each in x]),
    'test mode': lambda x: join([dict(each, test_mode=True) for each in x]),
    'keys ignored': lambda x: join(x, ignore_keys=ALL_KEYS),
    'repeated inside': lambda x: join([x[0], repeat(x[1])]),
    'repeated outside': lambda x: repeat(join(x)),
    'balanced inside': lambda x: join([balance(x[0]), x[1]]),
    'mixed': lambda x: dict(type='MultiImageMixDataset', dataset=join(x), pipeline=[]),
    'joined inside': lambda x: join([x[0], join(x)]),
    'joined twice': lambda x: join([join(x[:1]), join(x[1:])]),
    'deep': lambda x: repeat(join([repeat(join(x[:1])), repeat(join(x[1:]))])),
}


@pytest.mark.parametrize('wrap', WRAPPERS.values(), ids=WRAPPERS)
def test_another_order_is_refused(parts, wrap):
    with pytest.raises(ValueError, match=r'joins .*panoptic\.json with ') as error:
        len(DATASETS.build(wrap(parts(backwards))))
    message = str(error.value)
    assert 'other.json, the dataset ' in message
    assert 'the label 0 is car (thing) in the first and person (thing)' in message
    assert 'the same `categories` in the same order' in message


@pytest.mark.parametrize('wrap', WRAPPERS.values(), ids=WRAPPERS)
def test_the_same_order_is_joined(parts, wrap):
    assert len(DATASETS.build(wrap(parts(unchanged)))) >= 4


def test_it_is_a_concat_dataset_of_mmdetection(parts):
    joined = DATASETS.build(join(parts(unchanged)))
    assert type(joined) is EPSNetConcatDataset
    assert isinstance(joined, ConcatDataset)
    assert joined.metainfo['classes'] == ('car', 'person', 'grass', 'sky')
    assert joined.metainfo['cumulative_sizes'] == [2, 4]
    assert joined.get_dataset_source(3) == 1


def test_a_joined_one_beside_another(parts):
    first, second = parts(unchanged)
    for nested in ([first, join([first, second])], [join([first, second]), first]):
        joined = DATASETS.build(join(nested))
        assert joined.metainfo['classes'] == ('car', 'person', 'grass', 'sky')
        assert joined.metainfo['cumulative_sizes'][-1] == len(joined) == 6


@pytest.mark.parametrize('ignore_keys', ['palette', ['palette'], ('palette',)])
def test_other_colors_can_be_ignored(parts, ignore_keys):
    def recolored(categories: list[dict]) -> list[dict]:
        return [dict(categories[0], color=[9, 9, 9]), *categories[1:]]

    joined = DATASETS.build(join(parts(recolored), ignore_keys=ignore_keys))
    assert joined.metainfo['palette'][2] == (1, 2, 3)


def test_the_order_in_the_file_counts_within_things_and_stuff_alone(parts):
    """Labels are things first, however the file mixes them with stuff."""

    def things_last(categories: list[dict]) -> list[dict]:
        return sorted(categories, key=lambda x: x['isthing'])

    assert len(DATASETS.build(join(parts(things_last)))) == 4


def test_datasets_that_are_built_already(parts):
    datasets = [DATASETS.build(cfg) for cfg in parts(backwards)]
    with pytest.raises(ValueError, match='ConcatDataset joins '):
        EPSNetConcatDataset(datasets)


def test_a_lazy_one_is_refused_each_time(parts):
    joined = DATASETS.build(join(parts(backwards), lazy_init=True))
    for _ in range(2):
        with pytest.raises(ValueError, match='the label 0 is'):
            joined[0]


def test_another_dataset_beside_it(parts):
    """MMDetection's own class has the classes of COCO."""
    first, second = parts(unchanged)
    coco = dict(second, type='CocoPanopticDataset', lazy_init=True)
    joined = DATASETS.build(join([first, coco], lazy_init=True))
    # Upstream would look for COCO's categories in the file.
    joined.datasets[1]._fully_initialized = True
    with pytest.raises(ValueError, match=r'the label 0 is car .* and person'):
        len(joined)


def test_a_dataset_without_classes_cannot_be_compared(parts):
    first, second = parts(unchanged)
    joined = DATASETS.build(join([first, second], lazy_init=True))
    joined.datasets[1]._metainfo = {}
    assert len(joined) == 4


def test_classes_that_come_with_each_image_are_not_compared(parts):
    named = [dict(cfg, return_classes=True) for cfg in parts(backwards)]
    assert len(DATASETS.build(join(named))) == 4


def test_other_datasets_are_joined_as_before(tmp_path):
    """Detection on several datasets joins other classes on purpose."""
    images = [dict(id=1, file_name='a.jpg', height=4, width=6)]
    content = dict(images=images, annotations=[], categories=[])
    (tmp_path / 'a.json').write_text(json.dumps(content))
    joined = DATASETS.build(
        join(
            [
                dict(
                    type='CocoDataset',
                    ann_file=str(tmp_path / 'a.json'),
                    data_prefix=dict(img=''),
                    metainfo=dict(classes=classes),
                )
                for classes in (('a', 'b'), ('b', 'a'))
            ]
        )
    )
    assert [each['classes'] for each in joined.metainfo] == [('a', 'b'), ('b', 'a')]


def test_mmengines_own_class_refuses_them_itself(parts):
    datasets = [DATASETS.build(cfg) for cfg in parts(backwards)]
    assert isinstance(datasets[0], EPSNetPanopticDataset)
    with pytest.raises(ValueError, match='does not match meta information'):
        DATASETS.build(dict(type='mmengine.ConcatDataset', datasets=datasets))
