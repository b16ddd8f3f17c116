from epsnet_mm.apis.checkpoint_contents import find_dataset_meta, load_weights
from tests.apis.conftest import META

import pytest
import torch
from mmengine.logging import MMLogger
from mmengine.registry import DefaultScope
from torch import nn


@pytest.fixture(autouse=True)
def mmdet_scope():
    with DefaultScope.overwrite_default_scope('mmdet'):
        yield


@pytest.mark.parametrize('prefix', ['', 'module.'])
@pytest.mark.parametrize('wrap', [dict, lambda x: dict(state_dict=x)])
def test_weights(prefix, wrap):
    model = nn.Linear(2, 1)
    weights = {f'{prefix}weight': torch.ones(1, 2), f'{prefix}bias': torch.ones(1)}
    load_weights(model, wrap(weights))
    assert model.weight.tolist() == [[1, 1]]
    assert model.bias.tolist() == [1]


@pytest.mark.parametrize(
    ('weights', 'problem'),
    [
        (dict(weight=torch.ones(1, 2)), 'missing keys'),
        (dict(weight=torch.ones(1, 3), bias=torch.ones(1)), 'size mismatch'),
        (
            dict(weight=torch.ones(1, 2), bias=torch.ones(1), more=torch.ones(1)),
            'unexpected key',
        ),
    ],
)
def test_checkpoint_of_another_architecture(weights, problem):
    with pytest.raises(ValueError, match=f'does not belong to the model.*{problem}'):
        load_weights(nn.Linear(2, 1), weights)


def test_integers_as_weights():
    weights = dict(weight=torch.ones(1, 2, dtype=torch.uint8), bias=torch.ones(1))
    with pytest.raises(ValueError, match='weight is another kind of number there'):
        load_weights(nn.Linear(2, 1), weights)


def test_classes_that_the_config_names_otherwise(config, caplog):
    meta = dict(META, classes=('sand', 'disc'))
    checkpoint = dict(meta=dict(dataset_meta=meta))
    logger = MMLogger.get_instance('names', log_level='WARNING')
    logger.handlers.append(caplog.handler)
    assert find_dataset_meta(checkpoint, config)['classes'] == ('sand', 'disc')
    assert "another order: label 0 is 'sand' there and 'disc' here" in caplog.text
    caplog.clear()
    find_dataset_meta(dict(meta=dict(dataset_meta=META)), config)
    del config.test_dataloader.dataset.metainfo
    find_dataset_meta(checkpoint, config)
    assert not caplog.text


def test_meta_of_the_checkpoint_or_else_of_the_config(config):
    checkpoint = dict(meta=dict(dataset_meta=dict(META, CLASSES=('a', 'b'))))
    del checkpoint['meta']['dataset_meta']['classes']
    assert find_dataset_meta(checkpoint, config)['classes'] == ('a', 'b')
    assert find_dataset_meta({}, config)['classes'] == ('disc', 'sand')


def test_palette(config):
    checkpoint = dict(meta=dict(dataset_meta=dict(META, palette=[(1, 2, 3)] * 2)))
    assert find_dataset_meta(checkpoint, config)['palette'] == META['palette']
    assert find_dataset_meta(checkpoint, config, 'voc')['palette'] == 'voc'
    del config.test_dataloader.dataset.metainfo
    assert find_dataset_meta(checkpoint, config)['palette'] == [(1, 2, 3)] * 2


def test_no_class_names(config):
    del config.test_dataloader.dataset.metainfo
    with pytest.raises(ValueError, match='names the classes; add metainfo'):
        find_dataset_meta({}, config)
