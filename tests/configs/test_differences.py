"""Each variant changes what its name says, and nothing else."""

import inspect
from pathlib import Path

import pytest
from mmengine.config import Config
from mmengine.runner import Runner

from .conftest import COCO_LEAVES, CONFIGS, SHAPES_LEAVES, read

FULL = 'epsnet_r101_fpn_coco'
BACKBONE = {'model.backbone.depth', 'model.backbone.init_cfg.checkpoint'}
ANCHORS = 'model.bbox_head.anchor_generator'
FUSION = {
    'model.fusion_neck.type',
    'model.fusion_neck.in_channels',
    'model.fusion_neck.embed_channels',
    'model.fusion_neck.source_levels',
}
SQUARE_ANCHORS = {f'{ANCHORS}.scales', f'{ANCHORS}.ratios'}
R50 = BACKBONE | {'train_cfg.max_iters', 'param_scheduler'}
OFFICIAL = {
    'model.semantic_head.num_unused_classes',
    'model.test_cfg.bbox_head.nms.type',
    'model.test_cfg.bbox_head.nms.top_k',
}
# Config -> the entries in which it differs from the full model's.
EXPECTED = {
    FULL: set(),
    'epsnet_r50_fpn_coco': R50,
    'epsnet_r101_fpn_official-weights_coco': OFFICIAL,
    'epsnet_r50_fpn_official-weights_coco': R50 | OFFICIAL | SQUARE_ANCHORS,
    'epsnet_r101_fpn_no-balance_coco': {
        'model.bbox_head.loss_bbox.loss_weight',
        'model.mask_head.loss_mask.loss_weight',
        'model.semantic_head.loss_semantic.loss_weight',
    },
    'epsnet_r101_fpn_no-attention_coco': FUSION,
    'epsnet_r101_fpn_no-aug_coco': {'train_dataloader.dataset.pipeline'},
    'epsnet-d_r101_fpn_coco': FUSION | {'model.semantic_head.type'},
    'epsnet_r101_fpn_attention-1layer_coco': {'model.fusion_neck.source_levels'},
    'epsnet_r101_fpn_instance-p3-p5_coco': {
        f'{ANCHORS}.strides',
        f'{ANCHORS}.base_sizes',
    },
    'epsnet_r101_fpn_650px_coco': {
        *SQUARE_ANCHORS,
        f'{ANCHORS}.base_sizes',
        'model.mask_head.max_positives',
        'tta_pipeline',
        *(f'{split}_dataloader.dataset.pipeline' for split in ('train', 'val', 'test')),
    },
    'epsnet_r101-dcnv2_fpn_coco': {
        'model.backbone.dcn.type',
        'model.backbone.dcn.deform_groups',
        'model.backbone.dcn.fallback_on_stride',
        'model.backbone.stage_with_dcn',
    },
    'epsnet_r101_fpn_soft-attention_coco': {'model.fusion_neck.init_cfg.override'},
    'epsnet_r101_fpn_amp_coco': {'optim_wrapper.type'},
    'epsnet_r101_fpn_ema_coco': {'custom_hooks'},
}
# What a run takes from a config, apart from the variables that it is written with.
SETTINGS = {*inspect.signature(Runner).parameters, 'tta_model', 'tta_pipeline'}
# The same for the tables in small, against `epsnet_r18_fpn_shapes`.
SMALL_FUSION = FUSION - {'model.fusion_neck.in_channels'} | {
    'model.fusion_neck.out_channels',
    'model.fusion_neck.init_cfg.override',
}
EXPECTED_ON_SHAPES = {
    'epsnet_r18_fpn_shapes': set(),
    'epsnet_r18_fpn_no-attention_shapes': SMALL_FUSION,
    'epsnet-d_r18_fpn_shapes': SMALL_FUSION
    | {f'model.semantic_head.{key}' for key in ('type', 'feat_channels', 'padding')},
    'epsnet_r18_fpn_attention-1layer_shapes': {'model.fusion_neck.source_levels'},
    'epsnet_r18_fpn_no-balance_shapes': EXPECTED['epsnet_r101_fpn_no-balance_coco'],
    'epsnet_r18_fpn_no-aug_shapes': {'train_dataloader.dataset.pipeline'},
}


def flatten(entry, path=''):
    """Values by their dotted path; lists are values."""
    if not isinstance(entry, dict):
        return {path: entry}
    return {
        full_path: value
        for key, part in entry.items()
        for full_path, value in flatten(part, f'{path}.{key}' if path else key).items()
    }


def settings(cfg):
    return {key: value for key, value in cfg.to_dict().items() if key in SETTINGS}


def differences(first, second):
    first, second = flatten(first), flatten(second)
    return {
        key
        for key in first.keys() | second.keys()
        if key not in first or key not in second or first[key] != second[key]
    }


@pytest.mark.parametrize('name', COCO_LEAVES)
def test_a_variant_changes_what_it_says(name):
    found = differences(settings(read(FULL)), settings(read(name)))

    assert found == EXPECTED[name]


@pytest.mark.parametrize('name', SHAPES_LEAVES)
def test_a_variant_on_shapes_changes_what_it_says(name):
    full = read('epsnet_r18_fpn_shapes')

    found = differences(settings(full), settings(read(name)))

    assert found == EXPECTED_ON_SHAPES[name]


@pytest.mark.parametrize(
    'name', ['epsnet_r101_fpn_soft-attention_coco', 'epsnet_r18_fpn_shapes']
)
def test_attention_begins_soft(name):
    """Gains of query and key stand for 1 / sqrt(d), of each a fourth root."""
    neck = read(name).model.fusion_neck

    assert [x.name for x in neck.init_cfg.override] == ['query', 'key']
    for override in neck.init_cfg.override:
        assert override.gain**2 == pytest.approx(neck.embed_channels**-0.5)


@pytest.mark.parametrize(
    ('full', 'plain'),
    [
        (FULL, 'epsnet_r101_fpn_no-aug_coco'),
        ('epsnet_r18_fpn_shapes', 'epsnet_r18_fpn_no-aug_shapes'),
    ],
)
def test_no_augmentation_is_the_same_without_randomness(full, plain):
    """Resized as for testing, and otherwise the full pipeline."""
    full = read(full)
    (resize,) = (x for x in full.test_pipeline if x.type == 'Resize')
    steps = [
        x
        for x in full.train_dataloader.dataset.pipeline
        if not x.type.startswith(('Random', 'EPSNetPhoto', 'CenterKeepingCrop'))
    ]

    assert len(steps) < len(full.train_dataloader.dataset.pipeline)
    load = steps[:2]
    assert read(plain).train_dataloader.dataset.pipeline == [*load, resize, *steps[2:]]


def test_650px_is_the_same_with_another_size():
    sizes = {(550, 550): (650, 650), (450, 450): (550, 550), (650, 650): (750, 750)}

    def swap(entry):
        if isinstance(entry, dict):
            return {key: swap(value) for key, value in entry.items()}
        if isinstance(entry, list):
            return [swap(value) for value in entry]
        if isinstance(entry, tuple) and entry in sizes:
            return sizes[entry]
        return entry

    full, large = read(FULL).to_dict(), read('epsnet_r101_fpn_650px_coco').to_dict()

    for key in ('train_dataloader', 'val_dataloader', 'test_dataloader'):
        assert swap(full[key]) == large[key]
    # Test-time augmentation: its own size comes first, one smaller, one larger.
    assert swap(full['tta_pipeline']) == large['tta_pipeline']


def strings(entry):
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, (dict, list, tuple)):
        for part in entry.values() if isinstance(entry, dict) else entry:
            yield from strings(part)


@pytest.mark.parametrize(
    'path', sorted(CONFIGS.rglob('*.py')), ids=lambda path: path.stem
)
def test_no_path_of_somebodys_machine(path):
    cfg = Config.fromfile(path).to_dict()

    assert [
        x
        for x in strings(cfg)
        if Path(x).is_absolute() or x.startswith('~') or '\\' in x
    ] == []
