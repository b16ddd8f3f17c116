"""The converter's command line on made weights, and on files it must refuse."""

# First: mmdet needs mmcv's ops, which the package can stand in for.
import json
import runpy
import sys

import epsnet_mm  # noqa: F401
from epsnet_mm.models.converters.release_weights import (
    ReleaseError,
    convert_state_dict,
    convert_tensor,
    depth_of,
    read_release,
    target_key,
)

import pytest
import torch
from fixtures import fill
from mmdet.registry import MODELS
from mmengine.config import Config
from mmengine.registry import init_default_scope

from ..conftest import REPO

TOOL = 'tools/model_converters/epsnet_release_to_mmdet.py'
A, B = torch.ones(2), torch.zeros(2)


def filled(depth):
    """The released state dict, with values that differ everywhere."""
    shapes = json.loads((REPO / f'tests/data/release_keys_r{depth}.json').read_text())
    return {
        key: torch.from_numpy(fill(key, tuple(shape)).copy())
        if shape
        else torch.tensor(0)
        for key, shape in shapes.items()
    }


@pytest.fixture(scope='module')
def released(tmp_path_factory):
    """A file with the ResNet-50's weights, as `DataParallel` saves them, and them."""
    state = filled(50)
    path = tmp_path_factory.mktemp('released') / 'r50.pth'
    torch.save({f'module.{key}': value for key, value in state.items()}, path)
    return path, state


@pytest.fixture
def convert(monkeypatch, capsys):
    """Run the tool here; returns its exit message (None = success) and its output."""

    def run_tool(*args):
        monkeypatch.setattr(sys, 'argv', [TOOL, *map(str, args)])
        try:
            runpy.run_path(str(REPO / TOOL), run_name='__main__')
        except SystemExit as end:
            return end.code, capsys.readouterr().out
        return None, capsys.readouterr().out

    return run_tool


def test_round_trip(convert, released, tmp_path):
    """Every released entry arrives where its name belongs, in a model that loads."""
    path, state = released
    target = tmp_path / 'new folder/converted.pth'

    message, text = convert(path, target)

    assert message is None
    assert '378 entries' in text
    checkpoint = torch.load(target, weights_only=True)
    assert len(checkpoint['meta']['dataset_meta']['classes']) == 133
    init_default_scope('mmdet')
    cfg = Config.fromfile(
        REPO / 'configs/epsnet/epsnet_r50_fpn_official-weights_coco.py'
    )
    model = MODELS.build(cfg.model)
    model.load_state_dict(checkpoint['state_dict'])
    loaded = model.state_dict()
    assert len(loaded) == len(state)
    for key, value in state.items():
        name = target_key(key)
        assert loaded[name].equal(convert_tensor(name, value)), key


def test_the_wrong_depth_names_what_is_missing(convert, released):
    message, text = convert(
        released[0],
        '--dry-run',
        '--config',
        REPO / 'configs/epsnet/epsnet_r101_fpn_official-weights_coco.py',
    )

    assert '306 entries of the model missing (backbone.layer3.10.' in message
    assert message.startswith(f'{released[0]}: ')
    assert text == ''


def test_a_config_without_the_unused_class_is_refused(convert, released, tmp_path):
    message, _ = convert(
        released[0],
        tmp_path / 'x.pth',
        '--config',
        REPO / 'configs/epsnet/epsnet_r50_fpn_coco.py',
    )

    assert (
        '2 entries of another shape (semantic_seg_conv.3.weight (1760, 256, 1, 1) '
        'against (1728, 256, 1, 1)'
    ) in message
    assert 'Use the config for official weights' in message
    assert not list(tmp_path.iterdir())


def test_dry_run_prints_the_map_and_writes_nothing(convert, released, tmp_path):
    message, text = convert(released[0], tmp_path / 'x.pth', '--dry-run')

    lines = text.splitlines()
    assert message is None
    assert len(lines) == len(released[1])
    assert 'CALayer.out_conv.bias -> fusion_neck.out.bias' in lines
    assert not list(tmp_path.iterdir())


def test_a_target_or_a_dry_run_is_needed(convert):
    """Argparse ends with 2 after its usage."""
    message, _ = convert('x.pth')

    assert message == 2


class Thing:
    """Not a tensor."""


@pytest.mark.parametrize(
    ('content', 'sentence'),
    [
        (None, 'bad.pth does not exist; give the .pth file of the authors'),
        (b'no checkpoint', 'bad.pth is not a PyTorch checkpoint or is damaged'),
        (b'', 'bad.pth is not a PyTorch checkpoint or is damaged'),
        ({'a': Thing()}, 'Thing, which could run code when loaded'),
        (
            {'a': 1.0},
            'bad.pth: not a state dict, which holds nothing but named tensors',
        ),
        ({0: A}, 'bad.pth names an entry 0, which is not a string'),
        ({'a': A * torch.nan}, 'bad.pth holds NaN or infinite values in `a`'),
        ({}, 'bad.pth: not a state dict'),
        ({'state_dict': {'a': A}}, 'bad.pth: not a state dict'),
        (
            {'a': A},
            'bad.pth: the third stage has 0 blocks; the release has ResNet-50 (6)',
        ),
    ],
)
def test_bad_files_end_in_one_sentence(convert, tmp_path, content, sentence):
    path = tmp_path / 'bad.pth'
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        torch.save(content, path)

    message, _ = convert(path, tmp_path / 'x.pth')

    assert sentence in message
    assert '\n' not in message
    assert 'weights_only' not in message  # no advice to switch safety off
    assert not (tmp_path / 'x.pth').exists()


def test_a_cut_file(convert, released, tmp_path):
    path = tmp_path / 'cut.pth'
    path.write_bytes(released[0].read_bytes()[:100_000])

    message, _ = convert(path, tmp_path / 'x.pth')

    assert 'cut.pth is not a PyTorch checkpoint or is damaged' in message


def test_a_missing_config_is_named(convert, released, tmp_path):
    message, _ = convert(released[0], tmp_path / 'x.pth', '--config', 'nowhere.py')

    assert message.startswith('Config file nowhere.py does not exist')


def read(tmp_path, state):
    torch.save(state, tmp_path / 'state.pth')
    return read_release(tmp_path / 'state.pth')


def test_copies_of_old_training_scripts_are_dropped(tmp_path):
    state = read(
        tmp_path,
        {
            'module.backbone.layers.0.0.conv1.weight': A,
            'module.backbone.layer1.0.conv1.weight': A,
        },
    )

    assert list(state) == ['backbone.layers.0.0.conv1.weight']


@pytest.mark.parametrize(
    'others',
    [
        {'backbone.layers.0.0.conv1.weight': B},  # differs
        {'backbone.layers.1.0.conv1.weight': A},  # another stage
    ],
)
def test_what_is_no_copy_is_refused(tmp_path, others):
    with pytest.raises(
        ReleaseError, match=r'backbone.layer1.0.conv1.weight is no copy'
    ):
        read(tmp_path, {'backbone.layer1.0.conv1.weight': A, **others})


def test_every_problem_is_named_at_once():
    released = {'backbone.bn1.weight': A, 'backbone.bn1.bias': torch.ones(3), 'head': A}
    wanted = {'backbone.bn1.weight': B, 'backbone.bn1.bias': B, 'neck.weight': B}

    with pytest.raises(ReleaseError) as caught:
        convert_state_dict(released, wanted)

    message = str(caught.value)
    assert '1 entries unknown to the model (head)' in message
    assert '1 entries of the model missing (neck.weight)' in message
    assert '1 entries of another shape (backbone.bn1.bias (3,) against (2,))' in message


def test_long_lists_are_cut():
    with pytest.raises(ReleaseError, match=r'6 entries unknown .*\(a, b, c, d, e, \.'):
        convert_state_dict(dict.fromkeys('abcdef', A), {})


@pytest.mark.parametrize(('blocks', 'depth'), [(6, 50), (23, 101)])
def test_depth(blocks, depth):
    state = {f'backbone.layers.2.{i}.conv1.weight': A for i in range(blocks)}

    assert depth_of(state) == depth


def test_a_depth_that_was_never_released():
    state = {f'backbone.layers.2.{i}.conv1.weight': A for i in range(36)}  # ResNet-152

    with pytest.raises(ReleaseError, match='has 36 blocks'):
        depth_of(state)
