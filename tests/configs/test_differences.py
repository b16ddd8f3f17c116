"""Each variant changes what its name says, and nothing else."""

from pathlib import Path

import pytest
from mmengine.config import Config

from .conftest import COCO_LEAVES, ROOT, SHAPES_LEAVES

FULL = 'epsnet_r101_fpn_coco'
BACKBONE = {'model.backbone.depth', 'model.backbone.init_cfg.checkpoint'}
ANCHORS = 'model.bbox_head.anchor_generator'
FUSION = {
    'model.fusion_neck.type',
    'model.fusion_neck.in_channels',
    'model.fusion_neck.embed_channels',
    'model.fusion_neck.source_levels',
}
RELEASE = {
    'model.semantic_head.num_unused_classes',
    'model.test_cfg.bbox_head.nms.type',
    'model.test_cfg.bbox_head.nms.top_k',
}
# Config -> the entries in which it differs from the full model's; those in which
# only the variables differ that the file was written with are not counted.
EXPECTED = {
    FULL: set(),
    'epsnet_r50_fpn_coco': BACKBONE,
    'epsnet_r101_fpn_coco_release': RELEASE,
    'epsnet_r50_fpn_coco_release': RELEASE
    | BACKBONE
    | {f'{ANCHORS}.scales', f'{ANCHORS}.ratios'},
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
        f'{ANCHORS}.base_sizes',
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
VARIABLES = {'image_size', 'train_pipeline', 'test_pipeline', 'channels'}
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


def read(name):
    return Config.fromfile(ROOT / f'configs/epsnet/{name}.py')


def flatten(entry, path=''):
    """Values by their dotted path; lists are values."""
    if not isinstance(entry, dict):
        return {path: entry}
    return {
        full_path: value
        for key, part in entry.items()
        for full_path, value in flatten(part, f'{path}.{key}' if path else key).items()
    }


def effective(cfg):
    return {
        key: value
        for key, value in flatten(cfg.to_dict()).items()
        if key not in VARIABLES
    }


def differences(first, second):
    first, second = effective(first), effective(second)
    return {
        key
        for key in first.keys() | second.keys()
        if key not in first or key not in second or first[key] != second[key]
    }


@pytest.mark.parametrize('name', [path.stem for path in COCO_LEAVES])
def test_a_variant_changes_what_it_says(name):
    assert differences(read(FULL), read(name)) == EXPECTED[name]


@pytest.mark.parametrize('name', [path.stem for path in SHAPES_LEAVES])
def test_a_variant_on_shapes_changes_what_it_says(name):
    found = differences(read('epsnet_r18_fpn_shapes'), read(name))

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


def random_transforms(cfg):
    types = [x['type'] for x in cfg.train_dataloader.dataset.pipeline]
    return [x for x in types if x.startswith(('Random', 'Photo'))]


def test_no_augmentation_is_the_same_without_randomness():
    full, plain = read(FULL), read('epsnet_r101_fpn_no-aug_coco')
    expected = [
        {k: v for k, v in x.items() if k != 'backend_args'}
        for x in full.train_dataloader.dataset.pipeline
        if not x['type'].startswith(('Random', 'Photo'))
    ]
    expected.insert(2, dict(type='Resize', scale=(550, 550), keep_ratio=False))

    assert len(random_transforms(full)) == 4
    assert [dict(x) for x in plain.train_dataloader.dataset.pipeline] == expected


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
    # The model's own size comes first, then one smaller and one larger.
    views = [x['scale'] for x in large['tta_pipeline'][1]['transforms'][0]]
    assert views == [(650, 650), (550, 550), (750, 750)]
    assert large['model']['bbox_head']['anchor_generator']['base_sizes'] == (
        pytest.approx([28.364, 56.727, 113.455, 226.909, 453.818], abs=1e-3)
    )


def test_ema_adds_one_hook():
    full, ema = read(FULL), read('epsnet_r101_fpn_ema_coco')

    assert ema.custom_hooks[:-1] == full.custom_hooks
    assert ema.custom_hooks[-1].type == 'EMAHook'


def strings(entry):
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, (dict, list, tuple)):
        for part in entry.values() if isinstance(entry, dict) else entry:
            yield from strings(part)


@pytest.mark.parametrize(
    'path', sorted((ROOT / 'configs').rglob('*.py')), ids=lambda path: path.stem
)
def test_no_path_of_somebodys_machine(path):
    cfg = Config.fromfile(path).to_dict()

    assert [
        x
        for x in strings(cfg)
        if Path(x).is_absolute() or x.startswith('~') or '\\' in x
    ] == []
