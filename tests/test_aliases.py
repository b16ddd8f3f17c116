"""Names of version 0.1 still work, and warn."""

import copy
import json
import pickle
import warnings

from epsnet_mm.aliases import CLASS_NAMES, new_keys

import pytest
from mmdet.registry import DATASETS, METRICS, MODELS, VISUALIZERS
from mmengine.config import Config
from mmengine.model import BaseModel
from mmengine.registry import init_default_scope


class Detector(BaseModel):
    """The least that test-time augmentation can wrap."""

    def forward(self, inputs, data_samples=None, mode='tensor'):
        return inputs


@pytest.fixture
def old_config(repo_root):
    init_default_scope('mmdet')  # as the runner does
    return Config.fromfile(repo_root / 'tests/data/config_0.1.py')


@pytest.fixture
def new_config(repo_root):
    """The same config as it is today."""
    init_default_scope('mmdet')
    return Config.fromfile(repo_root / 'configs/epsnet/epsnet_r18_fpn_shapes.py')


@pytest.fixture
def arguments(content, write_files):
    """What each class needs, by its old name."""
    init_default_scope('mmdet')
    classes = dict(num_things_classes=2, num_stuff_classes=2)
    root = write_files(content)
    ann_file, pngs = str(root / 'panoptic.json'), str(root / 'seg')
    return dict(
        DenseSemanticHead=classes,
        InstanceHead=dict(num_classes=2),
        PrototypeHead=dict(),
        PanopticTTAModel=dict(module=Detector()),
        PanopticDataset=dict(
            ann_file=ann_file, data_prefix=dict(img=str(root / 'img'), seg=pngs)
        ),
        PanopticMetric=dict(ann_file=ann_file, seg_prefix=pngs),
        PanopticVisualizer=dict(name='test_aliases'),
    )


@pytest.mark.parametrize('old', CLASS_NAMES)
def test_an_old_class_name(old, arguments):
    registry, new = CLASS_NAMES[old]

    with pytest.warns(FutureWarning, match=f'`{old}` .* gone .* use `{new}`'):
        built = registry.build(dict(type=old, **arguments[old]))

    assert isinstance(built, registry.get(new))
    assert type(built).__name__ == old


@pytest.mark.parametrize('old', CLASS_NAMES)
def test_a_new_class_name_does_not_warn(old, arguments):
    registry, new = CLASS_NAMES[old]
    kwargs = arguments[old]
    if 'name' in kwargs:  # visualizers are kept by name
        kwargs['name'] += '_new'

    with warnings.catch_warnings():
        warnings.simplefilter('error', FutureWarning)
        built = registry.build(dict(type=new, **kwargs))

    assert type(built).__name__ == new


def test_a_dataset_of_the_old_name_reaches_a_worker(arguments):
    with pytest.warns(FutureWarning):
        dataset = DATASETS.build(
            dict(type='PanopticDataset', **arguments['PanopticDataset'])
        )

    sent = pickle.loads(pickle.dumps(dataset))

    assert type(sent) is type(dataset)
    assert len(sent) == len(dataset) > 0


def test_an_old_config_builds_the_same_network(old_config, new_config, repo_root):
    with pytest.warns(FutureWarning) as warned:
        old = MODELS.build(old_config.model)
    new = MODELS.build(new_config.model)

    expected = json.loads((repo_root / 'tests/data/state_0.1.json').read_text())
    for model in (old, new):
        shapes = {name: list(x.shape) for name, x in model.state_dict().items()}
        assert shapes == expected
    assert old.bbox_head.test_cfg == new.bbox_head.test_cfg
    assert old.mask_head.test_cfg == new.mask_head.test_cfg
    assert old.panoptic_fusion_head.test_cfg == new.panoptic_fusion_head.test_cfg
    assert {str(x.message).split()[0] for x in warned} == {
        '`InstanceHead`',
        '`PrototypeHead`',
        '`model.bbox_head.num_protos`',
        '`model.test_cfg.panoptic_fusion_head`',
    }


def test_other_parts_of_an_old_config(old_config):
    """Each `type` is registered; those with a new name are subclasses of it."""
    for registry, cfg, new in (
        (DATASETS, old_config.val_dataloader.dataset, 'EPSNetPanopticDataset'),
        (METRICS, old_config.val_evaluator, 'EPSNetPanopticMetric'),
        (VISUALIZERS, old_config.visualizer, 'EPSNetPanopticVisualizer'),
        (MODELS, old_config.tta_model, 'EPSNetTTAModel'),
    ):
        assert issubclass(registry.get(cfg.type), registry.get(new))


@pytest.mark.filterwarnings('ignore::FutureWarning')
def test_old_numbers_keep_their_meaning(old_config):
    cfg = old_config.model
    cfg.bbox_head.num_protos = 6
    cfg.prototype_head.num_prototypes = cfg.semantic_head.num_prototypes = 6
    cfg.mask_head.mask_thr = 0.4
    cfg.test_cfg.panoptic_fusion_head.mask_overlap = 0.3

    model = MODELS.build(cfg)

    assert model.state_dict()['bbox_head.conv_coeff.weight'].shape[0] == 3 * 6
    assert model.state_dict()['prototype_head.to_prototypes.conv.bias'].shape == (6,)
    assert model.state_dict()['semantic_head.to_coeffs.bias'].shape == (6 * (4 + 1),)
    assert model.mask_head.test_cfg == dict(mask_thr_binary=0.4)
    assert model.panoptic_fusion_head.test_cfg.mask_overlap == 0.3
    assert model.panoptic_fusion_head.test_cfg.stuff_area_limit == 256


@pytest.mark.filterwarnings('ignore::FutureWarning')
def test_numbers_of_prototypes_that_contradict_each_other(old_config):
    old_config.model.bbox_head.num_protos = 6

    with pytest.raises(ValueError, match=r'prototype_head\.num_prototypes` is 32, but'):
        MODELS.build(old_config.model)


@pytest.mark.filterwarnings('ignore::FutureWarning')
def test_an_old_leaf_on_a_new_base(new_config):
    """What the leaf says counts, also where the base has the new key."""
    cfg = new_config.model
    cfg.test_cfg.panoptic_fusion_head = dict(stuff_area_limit=7)
    cfg.bbox_head.num_protos = 6
    cfg.prototype_head.num_prototypes = cfg.semantic_head.num_prototypes = 6
    cfg.mask_head.mask_thr = 0.4
    before = copy.deepcopy(cfg)

    model = MODELS.build(cfg)

    assert model.panoptic_fusion_head.test_cfg == dict(
        mask_overlap=0.5, stuff_area_limit=7
    )
    assert model.prototype_head.to_prototypes.conv.out_channels == 6
    assert model.mask_head.test_cfg['mask_thr_binary'] == 0.4
    assert cfg == before


def test_a_config_of_this_version_stays_as_it_is(new_config):
    with warnings.catch_warnings():
        warnings.simplefilter('error', FutureWarning)

        assert new_keys(new_config.model) == new_config.model
