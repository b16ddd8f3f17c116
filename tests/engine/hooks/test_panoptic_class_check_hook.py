import copy
import json
from types import SimpleNamespace

import epsnet_mm  # noqa: F401
from epsnet_mm.engine.hooks import PanopticClassCheckHook

import pytest
from mmdet.datasets import ConcatDataset
from mmdet.registry import DATASETS
from mmengine.model import MMDistributedDataParallel
from mmengine.registry import init_default_scope


def dataset(things: int, stuff: int) -> SimpleNamespace:
    return SimpleNamespace(
        metainfo=dict(
            thing_classes=tuple(f'thing{i}' for i in range(things)),
            stuff_classes=tuple(f'stuff{i}' for i in range(stuff)),
        )
    )


def runner(train=(2, 1), val=(2, 1), wrapped: bool = False) -> SimpleNamespace:
    """A runner whose model has two thing classes and a stuff class."""
    model = SimpleNamespace(
        panoptic_fusion_head=SimpleNamespace(num_things_classes=2, num_stuff_classes=1)
    )
    if wrapped:
        wrapper = MMDistributedDataParallel.__new__(MMDistributedDataParallel)
        wrapper.__dict__.update(_modules={}, module=model)
        model = wrapper
    loaders = {
        f'{name}_dataloader': SimpleNamespace(dataset=dataset(*counts))
        for name, counts in dict(train=train, val=val, test=val).items()
    }
    return SimpleNamespace(model=model, val_loop=SimpleNamespace(), **loaders)


@pytest.mark.parametrize('wrapped', [False, True])
def test_equal_counts_pass(wrapped):
    hook = PanopticClassCheckHook()
    for method in (hook.before_train, hook.before_val, hook.before_test):
        method(runner(wrapped=wrapped))


@pytest.mark.parametrize(
    ('kwargs', 'message'),
    [
        (dict(train=(3, 1)), '2 thing classes, but the train dataset has 3'),
        (dict(train=(2, 4)), '1 stuff classes, but the train dataset has 4'),
        (dict(val=(1, 1)), '2 thing classes, but the val dataset has 1'),
        (dict(train=(3, 1), wrapped=True), 'train dataset has 3'),
    ],
)
def test_training_checks_both_datasets(kwargs, message):
    with pytest.raises(ValueError, match=message) as error:
        PanopticClassCheckHook().before_train(runner(**kwargs))
    for word in ('num_things_classes', 'num_stuff_classes', 'dataloader'):
        assert word in str(error.value)


def test_testing_checks_its_dataset():
    hook = PanopticClassCheckHook()
    with pytest.raises(ValueError, match=r'test_dataloader.dataset'):
        hook.before_test(runner(val=(2, 9)))
    with pytest.raises(ValueError, match=r'val_dataloader.dataset'):
        hook.before_val(runner(val=(2, 9)))


def test_dataset_without_classes():
    bad = runner()
    bad.train_dataloader.dataset.metainfo = {}
    with pytest.raises(ValueError, match='use EPSNetPanopticDataset'):
        PanopticClassCheckHook().before_train(bad)


def test_training_without_validation():
    alone = runner(val=(9, 9))
    alone.val_loop = None
    PanopticClassCheckHook().before_train(alone)


def test_other_models_are_left_alone():
    other = runner(train=(9, 9))
    other.model = SimpleNamespace()
    PanopticClassCheckHook().before_train(other)


@pytest.fixture
def make_datasets(write_files, content):
    """`make_datasets(change)`: configs of two datasets, the second one changed."""
    init_default_scope('mmdet')
    root = write_files(content)

    def make(change):
        first = dict(
            type='EPSNetPanopticDataset',
            data_root=str(root),
            ann_file='panoptic.json',
            data_prefix=dict(img='img', seg='seg'),
            serialize_data=False,
        )
        other = copy.deepcopy(content)
        change(other['categories'])
        (root / 'other.json').write_text(json.dumps(other))
        return [first, dict(first, ann_file='other.json')]

    return make


def real_runner(train: dict, val: dict | None = None) -> SimpleNamespace:
    """A runner of real datasets; the model fits those of `content`."""
    datasets = [DATASETS.build(cfg) for cfg in (train, val or train)]
    found = runner(train=(2, 2), val=(2, 2))
    found.model.panoptic_fusion_head.num_stuff_classes = 2
    found.train_dataloader.dataset, found.val_dataloader.dataset = datasets
    found.test_dataloader.dataset = datasets[0]
    return found


def join(datasets: list[dict], **options) -> dict:
    """With MMDetection's class, as in configs that import it: the hook alone checks."""
    return dict(type=ConcatDataset, datasets=datasets, **options)


WRAPPERS = {
    'joined': join,
    'repeated inside': lambda x: join(
        [x[0], dict(type='RepeatDataset', dataset=x[1], times=2)]
    ),
    'repeated outside': lambda x: dict(type='RepeatDataset', dataset=join(x), times=2),
    'balanced': lambda x: join(
        [x[0], dict(type='ClassBalancedDataset', dataset=x[1], oversample_thr=1e-3)]
    ),
    'mixed': lambda x: dict(type='MultiImageMixDataset', dataset=join(x), pipeline=[]),
    'keys ignored': lambda x: join(
        x, ignore_keys=['classes', 'thing_classes', 'stuff_classes', 'palette']
    ),
}


@pytest.mark.parametrize('wrap', WRAPPERS.values(), ids=WRAPPERS)
def test_joined_datasets_of_another_order(make_datasets, wrap):
    hook = PanopticClassCheckHook()
    bad = real_runner(wrap(make_datasets(list.reverse)))
    for method in (hook.before_train, hook.before_test):
        with pytest.raises(ValueError, match=r'joins .*panoptic.json') as error:
            method(bad)
        assert 'other.json' in str(error.value)
        assert 'label 0 is car (thing) in the first and person' in str(error.value)
    hook.before_train(real_runner(wrap(make_datasets(lambda x: None))))


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (lambda x: x.pop(), r'the second lacks the class|label 1 is'),
        (lambda x: x[0].update(name='lawn'), r'label 2 is grass .* lawn'),
        (lambda x: x[0].update(isthing=1), r'label 0 is car .* grass \(thing\)'),
    ],
)
def test_joined_datasets_of_other_classes(make_datasets, content, change, message):
    content['annotations'] = [dict(x, segments_info=[]) for x in content['annotations']]
    bad = real_runner(join(make_datasets(change)))
    with pytest.raises(ValueError, match=message):
        PanopticClassCheckHook().before_train(bad)


def test_joined_datasets_of_other_colors(make_datasets):
    datasets = make_datasets(lambda x: x[0].update(color=[9, 9, 9]))
    hook = PanopticClassCheckHook()
    with pytest.raises(ValueError, match=r"\(palette\).*`ignore_keys=\['palette'\]`"):
        hook.before_train(real_runner(join(datasets)))
    hook.before_train(real_runner(join(datasets, ignore_keys=['palette'])))


def test_validation_of_another_order(make_datasets):
    first, second = make_datasets(list.reverse)
    with pytest.raises(ValueError, match=r'validation \(.*other.json\).* label 0'):
        PanopticClassCheckHook().before_train(real_runner(first, second))
