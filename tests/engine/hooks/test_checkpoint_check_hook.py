"""With real runners: the hook relies on what they do in which order."""

from pathlib import Path

from epsnet_mm.engine.hooks import CheckpointCheckHook
from epsnet_mm.engine.hooks.unwrap import unwrap
from epsnet_mm.engine.safe_load import install_safe_load

import pytest
import torch
from mmengine.registry import DATASETS
from mmengine.runner import Runner
from torch import nn

from ..tiny_runner import Ones, TinyModel, tiny_config

# MMEngine 0.10.7 cannot print a config that holds a class.
HOOK = f'mmdet.{CheckpointCheckHook.__name__}'


@pytest.fixture(autouse=True)
def safe_load():
    """As the tools do. MMEngine 0.10 by itself cannot read its own checkpoints."""
    install_safe_load()


def run(
    tmp_path,
    method: str,
    model: dict,
    load_from: str | None = None,
    resume: bool = False,
    hooks: tuple = (),
) -> Runner:
    number = len(list(tmp_path.iterdir()))
    runner = Runner.from_cfg(
        tiny_config(
            tmp_path / 'work',
            model=dict(type='TinyModel', **model),
            train_cfg=dict(by_epoch=True, max_epochs=2 if resume else 1),
            custom_hooks=[dict(type=HOOK), *hooks],
            load_from=load_from,
            resume=resume,
            log_level='ERROR',
            experiment_name=f'{tmp_path.name}_{number}',
        )
    )
    getattr(runner, method)()
    return runner


def save(tmp_path, state: dict, **meta) -> str:
    path = tmp_path / 'weights.pth'
    torch.save(dict(state_dict=state, meta=meta), path)
    return str(path)


@pytest.mark.parametrize('method', ['train', 'val', 'test'])
@pytest.mark.parametrize('prefix', ['', 'module.'])
def test_matching_checkpoints_load(tmp_path, method, prefix):
    state = {prefix + k: v for k, v in TinyModel().state_dict().items()}
    runner = run(tmp_path, method, {}, save(tmp_path, state))
    if method != 'train':
        for key, value in runner.model.state_dict().items():
            assert torch.equal(value, state[prefix + key])


@pytest.mark.parametrize('method', ['val', 'test'])
def test_evaluation_refuses_any_difference(tmp_path, method):
    load_from = save(
        tmp_path,
        TinyModel(num_classes=5).state_dict(),
        experiment_name='epsnet_r50_fpn_coco_20260101',
        dataset_meta=dict(classes=tuple('abcde')),
    )
    with pytest.raises(ValueError, match='trained on 5 classes') as error:
        run(tmp_path, method, {}, load_from)
    for words in (
        load_from,
        'epsnet_r50_fpn_coco_20260101',
        'trained on 5 classes',
        '2 keys of another shape',
        'cls.weight, cls.bias',
        'Use the config',
    ):
        assert words in str(error.value)


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (lambda s: s.pop('neck.bias'), r'1 keys missing \(neck.bias\)'),
        (
            lambda s: s.update(extra=torch.ones(1)),
            r'1 keys unknown to the model \(extra\)',
        ),
    ],
)
def test_evaluation_refuses_missing_and_unknown_keys(tmp_path, change, message):
    state = TinyModel().state_dict()
    change(state)
    with pytest.raises(ValueError, match=message):
        run(tmp_path, 'test', {}, save(tmp_path, state))


def test_fine_tuning_takes_another_class_count(tmp_path):
    load_from = save(tmp_path, TinyModel(num_classes=5).state_dict())
    run(tmp_path, 'train', {}, load_from)


@pytest.mark.parametrize(
    ('state', 'message'),
    [
        (TinyModel(width=6).state_dict(), "1 of the model's 6 keys fit"),
        (nn.Linear(2, 2).state_dict(), "0 of the model's 6 keys fit"),
    ],
)
def test_fine_tuning_refuses_another_architecture(tmp_path, state, message):
    with pytest.raises(ValueError, match=message):
        run(tmp_path, 'train', {}, save(tmp_path, state))


def test_resuming_is_strict(tmp_path):
    run(tmp_path, 'train', {})
    last = str(tmp_path / 'work/epoch_1.pth')
    run(tmp_path, 'train', {}, last, resume=True)
    with pytest.raises(ValueError, match='does not belong to this model'):
        run(tmp_path, 'train', dict(num_classes=5), last, resume=True)


def test_averaged_weights_load(tmp_path):
    ema = (dict(type='EMAHook'),)
    run(tmp_path, 'train', {}, hooks=ema)
    last = str(tmp_path / 'work/epoch_1.pth')
    run(tmp_path, 'test', {}, last, hooks=ema)
    run(tmp_path, 'train', {}, last, resume=True, hooks=ema)
    with pytest.raises(ValueError, match='does not belong to this model'):
        run(tmp_path, 'test', dict(num_classes=5), last, hooks=ema)


@pytest.mark.parametrize('method', ['train', 'test'])
@pytest.mark.parametrize('kind', ['plain', 'averaged'])
def test_bare_state_dict(tmp_path, method, kind):
    path = str(tmp_path / 'bare.pth')
    state = TinyModel().state_dict()
    torch.save(state, path)
    # The priority of the configs.
    hooks = (dict(type='EMAHook', priority=49),) if kind == 'averaged' else ()
    runner = run(tmp_path, method, {}, path, hooks=hooks)
    if method == 'test':
        for key, value in unwrap(runner.model).state_dict().items():
            assert torch.equal(value, state[key])


@DATASETS.register_module(force=True)
class Named(Ones):
    """A dataset that names its classes."""

    def __init__(self, classes):
        super().__init__()
        self.metainfo = dict(classes=classes)


def run_named(tmp_path, method, classes, load_from, resume=False, **hook):
    """As `run`, with a dataset of these classes and arguments of the hook."""
    loader = dict(
        dataset=dict(type='Named', classes=classes),
        sampler=dict(type='DefaultSampler', shuffle=False),
        batch_size=1,
    )
    config = tiny_config(
        tmp_path / 'work',
        train_cfg=dict(by_epoch=True, max_epochs=2 if resume else 1),
        custom_hooks=[dict(type=HOOK, **hook)],
        load_from=load_from,
        resume=resume,
        log_level='WARNING',
        experiment_name=f'{tmp_path.name}_{method}_{len(list(tmp_path.iterdir()))}',
    )
    for split in ('train', 'val', 'test'):
        config[f'{split}_dataloader'] = loader
    runner = Runner.from_cfg(config)
    getattr(runner, method)()
    return Path(runner.logger.log_file).read_text(encoding='utf-8')


ORDERS = [
    (('b', 'a', 'c'), "the same classes in another order: label 0 is 'a' there"),
    (('a', 'b', 'd'), "other classes: label 2 is 'c' there and 'd' here"),
    (('a', 'b'), '3 classes there, 2 here'),
]


@pytest.fixture
def trained_on_abc(tmp_path):
    meta = dict(classes=('a', 'b', 'c'))
    return save(tmp_path, TinyModel().state_dict(), dataset_meta=meta)


@pytest.mark.parametrize('method', ['val', 'test'])
@pytest.mark.parametrize(('classes', 'message'), ORDERS)
def test_evaluation_refuses_other_classes(
    tmp_path, trained_on_abc, method, classes, message
):
    with pytest.raises(ValueError, match=f'not belong to this dataset: {message}'):
        run_named(tmp_path, method, classes, trained_on_abc)


@pytest.mark.parametrize('method', ['val', 'test', 'train'])
def test_the_same_classes_pass(tmp_path, trained_on_abc, method):
    log = run_named(tmp_path, method, ['a', 'b', 'c'], trained_on_abc)
    assert 'differ' not in log


def test_other_names_on_request(tmp_path, trained_on_abc):
    log = run_named(
        tmp_path, 'test', ('x', 'y', 'z'), trained_on_abc, same_classes=False
    )
    assert "other classes: label 0 is 'a' there and 'x' here" in log


@pytest.mark.parametrize(('classes', 'message'), ORDERS)
def test_fine_tuning_takes_other_classes_and_says_so(
    tmp_path, trained_on_abc, classes, message
):
    assert message in run_named(tmp_path, 'train', classes, trained_on_abc)


def test_resuming_refuses_other_classes(tmp_path):
    run_named(tmp_path, 'train', ('a', 'b', 'c'), None)
    last = str(tmp_path / 'work/epoch_1.pth')
    with pytest.raises(ValueError, match='the same classes in another order'):
        run_named(tmp_path, 'train', ('c', 'b', 'a'), last, resume=True)


def test_damaged_weights(tmp_path):
    state = TinyModel().state_dict()
    state['neck.bias'][0] = torch.nan
    with pytest.raises(ValueError, match=r'weights.pth holds NaN .*neck.bias'):
        run(tmp_path, 'test', {}, save(tmp_path, state))


@pytest.mark.parametrize('method', ['train', 'test'])
def test_counters_as_weights(tmp_path, monkeypatch, method):
    """What the model takes for a weight, though its name doesn't say so."""
    init = TinyModel.__init__

    def with_scale(self):
        init(self)
        self.scale = torch.nn.Parameter(torch.ones(1))

    monkeypatch.setattr(TinyModel, '__init__', with_scale)
    state = TinyModel().state_dict()
    state['scale'] = torch.ones(1, dtype=torch.uint8)
    with pytest.raises(ValueError, match=r'1 keys of another kind of number \(scale'):
        run(tmp_path, method, {}, save(tmp_path, state))
