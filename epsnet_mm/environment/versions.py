"""Checks the installed OpenMMLab packages and torch before they are imported."""

from importlib.util import find_spec

from packaging.requirements import Requirement
from packaging.version import Version

from .stack import FAMILIES, NAMES, Stack, family_of, read_stack

#: `torch.serialization.safe_globals` and `torch.nn.utils.get_total_norm` came with 2.6.
TORCH = Requirement('torch>=2.6')


def check_versions() -> None:
    """Check the installed packages; all that is wrong is said at once.

    Raises:
        ImportError: If a package is missing, is too old or too new, or comes from two
            distributions or families; the message has the remedies.
    """
    stack = read_stack()
    problems = find_problems(stack)
    if problems:
        raise ImportError(
            '\n  - '.join(
                ['epsnet_mm cannot run with the installed packages:', *problems]
            )
            + f'\nInstalled: {stack.describe()}.'
        )


def find_problems(stack: Stack) -> list[str]:
    """One sentence with the remedy for each problem; none if all is well."""
    problems = _torch_problems(stack.torch)
    doubles = _double_problems(stack)
    if doubles or len(stack.families) > 1:
        # Versions mean nothing while the files of two distributions are mixed.
        return [*problems, *doubles, _rescue(stack)]
    family = stack.families[0] if stack.families else None
    for name in NAMES:
        problems += _package_problems(name, stack.owners[name], family)
    return problems


def install_command(family: str) -> str:
    """The pip command that installs a family."""
    requirements = ' '.join(f'"{one}"' for one in FAMILIES[family].values())
    return f'`pip install {requirements}`'


def _torch_problems(found: str | None) -> list[str]:
    if found is None:
        if find_spec('torch') is not None:
            return []
        return [f'torch is not installed: run `pip install "{TORCH}"`']
    if _fits(TORCH, found):
        return []
    return [
        f'torch {found} is too old, because epsnet_mm needs {TORCH}: run '
        f'`pip install "{TORCH}"`, with the index URL of your CUDA version'
    ]


def _double_problems(stack: Stack) -> list[str]:
    return [
        f'{name} comes from {len(owners)} distributions ({", ".join(owners)}), which '
        "overwrite each other's files: only one of them may stay"
        for name, owners in stack.owners.items()
        if len(owners) > 1
    ]


def _rescue(stack: Stack) -> str:
    """How to get from mixed files to one family."""
    mixed = ''
    if len(stack.families) > 1:
        mixed = 'the families onedl and openmmlab are mixed. '
    commands = ' or '.join(
        f'{install_command(family)} (family {family})' for family in FAMILIES
    )
    return (
        f'{mixed}To rescue the environment: run `pip uninstall -y '
        f'{" ".join(stack.distributions)}`, then one of {commands}'
    )


def _package_problems(
    name: str, owners: dict[str, str], family: str | None
) -> list[str]:
    """Problems of a package that at most one distribution installs.

    Args:
        name: Import name.
        owners: Distributions that install it -> their versions.
        family: The family of the other packages; None if there are none.
    """
    if not owners:
        if find_spec(name) is not None:
            return []  # a source folder on the path: nothing tells its version
        remedy = (
            f'`pip install "{FAMILIES[family][name]}"`'
            if family
            else f'`make venv`, or {install_command("onedl")}'
        )
        return [f'{name} is not installed: run {remedy}']
    ((distribution, found),) = owners.items()
    needed = FAMILIES[family_of(distribution)][name]
    if _fits(needed, found):
        return []
    problem = 'too old' if _is_older(needed, found) else 'too new'
    # A distribution with compiled ops must not be replaced by one without.
    wanted = f'{distribution}{needed.specifier}'
    return [
        f'{name} {found} is {problem}, because epsnet_mm needs {wanted}: run '
        f'`pip install "{wanted}"`'
    ]


def _fits(requirement: Requirement, found: str) -> bool:
    # 2.6.0a0+git of a vendor's build counts as 2.6.0.
    release = Version(found).base_version
    return requirement.specifier.contains(release, prereleases=True)


def _is_older(requirement: Requirement, found: str) -> bool:
    return any(
        Version(found) < Version(one.version)
        for one in requirement.specifier
        if one.operator == '>='
    )
