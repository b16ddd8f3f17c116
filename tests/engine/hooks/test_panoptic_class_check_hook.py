from types import SimpleNamespace

from epsnet_mm.engine.hooks import PanopticClassCheckHook

import pytest
from mmengine.model import MMDistributedDataParallel


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
