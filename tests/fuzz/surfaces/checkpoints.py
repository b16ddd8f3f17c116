"""Checkpoints, on every way by which they are loaded."""

import io
import random
from collections.abc import Callable
from pathlib import Path

from epsnet_mm.apis.checkpoint_contents import load_weights
from epsnet_mm.engine import runner_config
from epsnet_mm.engine.safe_load import install_safe_load, load_weights_only
from epsnet_mm.models.converters.release_weights import read_release
from tests.engine.tiny_runner import TinyModel, tiny_config

import torch
from mmengine.runner import Runner, load_checkpoint
from torch import Tensor

from ..mutators.checkpoint_file import damaged_file, odd_content, other_archive
from ..outcomes import SilentFault


class Checkpoints:
    """Makes checkpoints, and checks what was loaded.

    Attributes:
        path: Where the input is written.
        kept: Whether the last input still has the content of the sound file.
        whole: The content of the sound file.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / 'epoch_1.pth'
        self.harm = folder / 'harm'
        self.data = _trained(folder / 'trained')
        self.whole = torch.load(io.BytesIO(self.data), weights_only=False)
        # The same in PyTorch's format before version 1.6, which has no checksums.
        self.kept = True

    def write(self, draw: random.Random) -> None:
        """Write the next input."""
        kind = draw.choice(['bytes', 'bytes', 'bytes', 'odd', 'odd', 'odd', 'zip'])
        self.kept = kind == 'bytes'
        if kind == 'bytes':
            data = damaged_file(self.data, draw)
        elif kind == 'odd':
            data = odd_content(self.whole, draw, self.harm)
        else:
            data = other_archive(draw)
        self.path.write_bytes(data)

    def check(self, weights: dict[str, Tensor], name: str) -> None:
        """Check weights that were accepted."""
        if self.harm.exists():
            raise SilentFault('a checkpoint has run code')
        for key, weight in weights.items():
            if weight.is_meta or not torch.isfinite(weight).all():
                raise SilentFault(f'{name}: {key} is not finite')
            # What a training could not go on with.
            if self.kept and not torch.equal(weight, self.whole['state_dict'][key]):
                raise SilentFault(f'{name}: a damaged file gives another {key}')


def _trained(folder: Path) -> bytes:
    """A checkpoint as a training writes it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    Runner.from_cfg(_config(folder)).train()
    return (folder / 'epoch_1.pth').read_bytes()


def _config(folder: Path) -> dict:
    hooks = dict(
        checkpoint=dict(type='mmdet.AtomicCheckpointHook', interval=1),
        checkpoint_check=dict(type='mmdet.CheckpointCheckHook'),
    )
    return tiny_config(
        folder,
        default_hooks=hooks,
        optim_wrapper=dict(optimizer=dict(type='SGD', lr=0.1, momentum=0.9)),
        param_scheduler=[dict(type='LinearLR', start_factor=0.5, end=2)],
        log_level='ERROR',
    )


def loaded_alone(folder: Path) -> Callable[[random.Random], None]:
    """The loader, and the way of inference."""
    made = Checkpoints(folder)

    def run(draw: random.Random) -> None:
        made.write(draw)
        try:
            checkpoint = load_weights_only(str(made.path), map_location='cpu')
            model = TinyModel()
            load_weights(model, checkpoint)
        finally:
            made.check({}, 'loader')
        made.check(model.state_dict(), 'loader')

    return run


def initial_weights(folder: Path) -> Callable[[random.Random], None]:
    """`init_cfg` of a part of the model, which may fit in part."""
    install_safe_load()
    made = Checkpoints(folder)

    def run(draw: random.Random) -> None:
        made.write(draw)
        model = TinyModel()
        before = {key: value.clone() for key, value in model.state_dict().items()}
        try:
            load_checkpoint(model, str(made.path), map_location='cpu')
        finally:
            made.check({}, 'init_cfg')
        weights = {
            key: value
            for key, value in model.state_dict().items()
            if not torch.equal(value, before[key])
        }
        made.check(weights, 'init_cfg')

    return run


def tested(folder: Path) -> Callable[[random.Random], None]:
    """The way of a test: all weights, with the hook that compares them."""
    install_safe_load()
    made = Checkpoints(folder)
    runner = Runner.from_cfg(_config(folder / 'tested'))
    runner.load_or_resume()

    def run(draw: random.Random) -> None:
        made.write(draw)
        for weight in runner.model.parameters():
            weight.data.fill_(0)
        try:
            runner.load_checkpoint(str(made.path))
        finally:
            made.check({}, 'test')
        made.check(runner.model.state_dict(), 'test')

    return run


def resumed(folder: Path) -> Callable[[random.Random], None]:
    """`--resume`: the newest of two checkpoints that can be loaded."""
    install_safe_load()
    made = Checkpoints(folder)
    # It has no time later than that of the input.
    older = folder / 'epoch_0.pth'
    older.write_bytes(made.data)
    numbers = iter(range(10**9))

    def run(draw: random.Random) -> None:
        made.write(draw)
        pointer = draw.choice([made.path.name, str(made.path), '', 'x.pth', '\0'])
        (folder / 'last_checkpoint').write_text(pointer)
        try:
            found = runner_config.resume.find_checkpoint(folder)
        finally:
            made.check({}, 'resume')
        # An input that a loader accepts, and resuming does not, ends in a sentence.
        cfg = _config(folder / 'resumed')
        cfg |= dict(
            train_cfg=dict(by_epoch=True, max_epochs=2),
            experiment_name=f'resumed{next(numbers)}',
            resume=True,
            load_from=found,
        )
        runner = Runner.from_cfg(cfg)
        runner.train()
        weights = runner.model.state_dict()
        for key, weight in weights.items():
            if not torch.isfinite(weight).all():
                raise SilentFault(f'resume: {key} is not finite')
        if runner.iter < 1:
            raise SilentFault('resume: nothing was trained')

    return run


def released(folder: Path) -> Callable[[random.Random], None]:
    """The converter of the authors' weights."""
    made = Checkpoints(folder)
    state = {
        'module.backbone.conv1.weight': torch.arange(6.0).reshape(2, 3),
        'backbone.layers.0.0.bn1.bias': torch.ones(2),
        'backbone.layer1.0.bn1.bias': torch.ones(2),
    }
    buffer = io.BytesIO()
    torch.save(state, buffer)
    made.data = buffer.getvalue()
    made.whole = dict(state_dict=dict(state))

    def run(draw: random.Random) -> None:
        made.write(draw)
        try:
            weights = read_release(str(made.path))
        finally:
            made.check({}, 'converter')
        wanted = {key.removeprefix('module.'): value for key, value in state.items()}
        for key, weight in weights.items():
            if made.kept and not torch.equal(weight, wanted[key]):
                raise SilentFault(f'a damaged file gives another {key}')

    return run


CHECKPOINT_SURFACES = {
    'checkpoints, loader': loaded_alone,
    'checkpoints, init_cfg': initial_weights,
    'checkpoints, test': tested,
    'checkpoints, resume': resumed,
    'checkpoints, converter': released,
}
