"""Keys and values of `--cfg-options`."""

import copy
import inspect
import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from epsnet_mm.engine import runner_config

from mmdet.registry import DATASETS, HOOKS, MODELS, TRANSFORMS
from mmengine.config import Config
from mmengine.registry import Registry, root

from ..mutators.option_typo import VALUES, misspelt
from ..outcomes import SilentFault

_ROOT = Path(__file__).resolve().parents[3]
_FILES = (
    'configs/epsnet/epsnet_r18_fpn_shapes.py',
    'configs/epsnet/epsnet_r101_fpn_coco.py',
    'configs/epsnet/epsnet_lite0_fpn_camvid.py',
)


def keys_of(node: object, prefix: str = '') -> Iterator[str]:
    """All dotted keys of a config."""
    if isinstance(node, Mapping):
        items = node.items()
    elif isinstance(node, list):
        items = enumerate(node)
    else:
        return
    for key, value in items:
        yield f'{prefix}{key}'
        yield from keys_of(value, f'{prefix}{key}.')


class Configs:
    """Configs that are parsed once."""

    def __init__(self) -> None:
        self.files = [str(_ROOT / name) for name in _FILES]
        self._parsed = {name: Config.fromfile(name) for name in self.files}
        self.keys = {
            name: list(keys_of(cfg.to_dict())) for name, cfg in self._parsed.items()
        }
        # `load_config` reads the file each time, which takes longer than all else.
        Config.fromfile = lambda name: copy.deepcopy(self._parsed[str(name)])


def option_typos(folder: Path) -> Callable[[random.Random], None]:
    """A name that no part of the project knows is never accepted."""
    configs = Configs()
    known = _vocabulary(configs)

    def run(draw: random.Random) -> None:
        file = draw.choice(configs.files)
        key = misspelt(draw.choice(configs.keys[file]), draw)
        runner_config.load_config(file, {key: draw.choice([1, 0.5, True, 'x'])})
        new = [part for part in key.split('.') if not part.isdigit()]
        unknown = [part for part in new if part not in known]
        if unknown and not _is_free(key):
            raise SilentFault(f'{key} is accepted, but nothing knows {unknown}')

    return run


def _is_free(key: str) -> bool:
    """Whether the name below is the user's own."""
    return any(
        each in key for each in ('custom_keys.', 'metainfo.', 'backend_args.', 'hooks.')
    )


def _vocabulary(configs: Configs) -> set[str]:
    """Names of all arguments of all components, and of all keys of all configs."""
    names = {
        part
        for keys in configs.keys.values()
        for key in keys
        for part in key.split('.')
    }
    roots = (each for each in vars(root).values() if isinstance(each, Registry))
    registries = (DATASETS, HOOKS, MODELS, TRANSFORMS, *roots)
    for registry in registries:
        for component in registry.module_dict.values():
            for each in getattr(component, '__mro__', [component]):
                try:
                    names |= set(inspect.signature(each).parameters)
                except (TypeError, ValueError):
                    continue
    return names


def option_values(folder: Path) -> Callable[[random.Random], None]:
    """Any value for a key that is there."""
    configs = Configs()

    def run(draw: random.Random) -> None:
        file = draw.choice(configs.files)
        key, value = draw.choice(configs.keys[file]), copy.deepcopy(draw.choice(VALUES))
        cfg = runner_config.load_config(file, {key: value})
        node = cfg
        for part in key.split('.'):
            node = node[int(part) if isinstance(node, list) else part]
        if node != value and value == value and not isinstance(value, dict):
            raise SilentFault(
                f'{key}={value!r} is accepted, but the config has {node!r}'
            )

    return run


OPTION_SURFACES = {
    '--cfg-options, typos': option_typos,
    '--cfg-options, values': option_values,
}
