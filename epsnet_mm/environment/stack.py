"""Reads which OpenMMLab packages are installed, without importing them.

Two families of distributions install the same import names:

    import name   family `onedl`       family `openmmlab`
    mmengine      onedl-mmengine       mmengine
    mmcv          onedl-mmcv           mmcv, or mmcv-lite without compiled ops
    mmdet         onedl-mmdetection    mmdet
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

#: Family -> import name -> what epsnet_mm needs of it. mmdet 3.3 refuses mmcv 2.2.
FAMILIES = {
    'onedl': {
        'mmengine': Requirement('onedl-mmengine>=0.10.12'),
        'mmcv': Requirement('onedl-mmcv>=2.3.6'),
        'mmdet': Requirement('onedl-mmdetection>=3.5.1'),
    },
    'openmmlab': {
        'mmengine': Requirement('mmengine>=0.10.7'),
        'mmcv': Requirement('mmcv-lite>=2.1.0,<2.2'),
        'mmdet': Requirement('mmdet>=3.3.0'),
    },
}
#: The import names, in the order in which they build on each other.
NAMES = ('mmengine', 'mmcv', 'mmdet')

#: Distribution -> import name. It finds distributions that do not list what they
#: install, as an editable installation may not.
_KNOWN = {
    requirement.name: name
    for requirements in FAMILIES.values()
    for name, requirement in requirements.items()
} | {'mmcv': 'mmcv', 'mmengine-lite': 'mmengine'}


def family_of(distribution: str) -> str:
    """The family that a distribution belongs to; a fork belongs to `openmmlab`."""
    return 'onedl' if distribution.startswith('onedl-') else 'openmmlab'


@dataclass(frozen=True)
class Stack:
    """The installed packages, from the metadata of their distributions.

    Attributes:
        owners: Import name -> distributions that install it -> their versions. Empty
            for a package that is missing, or is a folder without metadata.
        torch: Version, or None where there is no metadata.
    """

    owners: dict[str, dict[str, str]]
    torch: str | None

    @property
    def distributions(self) -> list[str]:
        """All distributions of OpenMMLab packages."""
        return [name for owners in self.owners.values() for name in owners]

    @property
    def families(self) -> list[str]:
        """The families found, without repetition."""
        return list(dict.fromkeys(map(family_of, self.distributions)))

    def describe(self) -> str:
        """One line: the families, each package and its version."""
        family = ' and '.join(self.families) or 'none'
        packages = [
            f'{name} {version} ({distribution})'
            for name, owners in self.owners.items()
            for distribution, version in owners.items()
        ]
        packages.append(f'torch {self.torch or "unknown"}')
        return f'family {family}: {", ".join(packages)}'


def read_stack(path: Iterable[str] | None = None) -> Stack:
    """Read the metadata of the installed distributions.

    Args:
        path: Folders to look in (default: `sys.path`).
    """
    owners: dict[str, dict[str, str]] = {name: {} for name in NAMES}
    torch = None
    for distribution in metadata.distributions(path=list(path or sys.path)):
        # An interrupted uninstallation leaves metadata without a name behind.
        name = canonicalize_name(distribution.metadata['Name'] or '')
        installs = set((distribution.read_text('top_level.txt') or '').split())
        installs.add(_KNOWN.get(name, ''))
        for package in installs.intersection(NAMES):
            # The first one on the path is the one that Python imports.
            owners[package].setdefault(name, distribution.version)
        if name == 'torch':
            torch = torch or distribution.version
    return Stack(owners, torch)
