"""With real runners: the hook relies on what they do in which order."""

from epsnet_mm.engine.hooks import CheckpointCheckHook

import pytest
import torch
from mmengine.evaluator import BaseMetric, Evaluator
from mmengine.model import BaseModel
from mmengine.runner import Runner
from torch import nn


class TinyModel(BaseModel):
    """Six keys, two of which depend on the number of classes."""

    def __init__(self, num_classes: int = 3, width: int = 4) -> None:
        super().__init__()
        self.backbone = nn.Linear(2, width)
        self.neck = nn.Linear(width, width)
        self.cls = nn.Linear(width, num_classes)

    def forward(self, inputs, mode: str = 'tensor'):
        out = self.cls(self.neck(self.backbone(torch.stack(inputs))))
        return dict(loss=out.sum()) if mode == 'loss' else [out]


class NoMetric(BaseMetric):
    def process(self, data_batch, data_samples) -> None:
        self.results.append(0)

    def compute_metrics(self, results: list) -> dict[str, float]:
        return dict(count=len(results))


def run(
    tmp_path,
    method: str,
    model: BaseModel,
    load_from: str | None = None,
    resume: bool = False,
    hooks: tuple = (),
) -> Runner:
    loader = dict(
        batch_size=1,
        dataset=[dict(inputs=torch.ones(2))],
        sampler=dict(type='DefaultSampler', shuffle=False),
    )
    runner = Runner(
        model=model,
        work_dir=str(tmp_path / 'work'),
        train_dataloader=loader,
        train_cfg=dict(by_epoch=True, max_epochs=2 if resume else 1),
        optim_wrapper=dict(optimizer=dict(type='SGD', lr=0.1)),
        val_dataloader=loader,
        val_cfg=dict(),
        val_evaluator=Evaluator(NoMetric()),
        test_dataloader=loader,
        test_cfg=dict(),
        test_evaluator=Evaluator(NoMetric()),
        custom_hooks=[CheckpointCheckHook(), *hooks],
        load_from=load_from,
        resume=resume,
        default_scope='mmengine',
        log_level='ERROR',
        experiment_name=f'{tmp_path.name}_{len(list(tmp_path.iterdir()))}',
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
    model = TinyModel()
    runner = run(tmp_path, method, model, save(tmp_path, state))
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
        run(tmp_path, method, TinyModel(), load_from)
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
        run(tmp_path, 'test', TinyModel(), save(tmp_path, state))


def test_fine_tuning_takes_another_class_count(tmp_path):
    load_from = save(tmp_path, TinyModel(num_classes=5).state_dict())
    run(tmp_path, 'train', TinyModel(), load_from)


@pytest.mark.parametrize(
    ('state', 'message'),
    [
        (TinyModel(width=6).state_dict(), "1 of the model's 6 keys fit"),
        (nn.Linear(2, 2).state_dict(), "0 of the model's 6 keys fit"),
    ],
)
def test_fine_tuning_refuses_another_architecture(tmp_path, state, message):
    with pytest.raises(ValueError, match=message):
        run(tmp_path, 'train', TinyModel(), save(tmp_path, state))


def test_resuming_is_strict(tmp_path):
    run(tmp_path, 'train', TinyModel())
    last = str(tmp_path / 'work/epoch_1.pth')
    run(tmp_path, 'train', TinyModel(), last, resume=True)
    with pytest.raises(ValueError, match='does not belong to this model'):
        run(tmp_path, 'train', TinyModel(num_classes=5), last, resume=True)


def test_averaged_weights_load(tmp_path):
    ema = (dict(type='EMAHook'),)
    run(tmp_path, 'train', TinyModel(), hooks=ema)
    last = str(tmp_path / 'work/epoch_1.pth')
    run(tmp_path, 'test', TinyModel(), last, hooks=ema)
    run(tmp_path, 'train', TinyModel(), last, resume=True, hooks=ema)
    with pytest.raises(ValueError, match='does not belong to this model'):
        run(tmp_path, 'test', TinyModel(num_classes=5), last, hooks=ema)


def test_bare_state_dict(tmp_path):
    path = str(tmp_path / 'bare.pth')
    torch.save(TinyModel().state_dict(), path)
    run(tmp_path, 'test', TinyModel(), path)
