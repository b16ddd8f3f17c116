from epsnet_mm.environment.stack import family_of, read_stack

import pytest

from .fake_distributions import ONEDL, OPENMMLAB, TORCH, write_distributions


@pytest.fixture
def read(tmp_path):
    """Return a function that reads the stack of fake distributions."""

    def read_fakes(distributions: dict):
        write_distributions(tmp_path, distributions)
        return read_stack([str(tmp_path)])

    return read_fakes


def test_a_family_is_described(read):
    stack = read(OPENMMLAB | TORCH)
    assert stack.families == ['openmmlab']
    assert stack.describe() == (
        'family openmmlab: mmengine 0.10.7 (mmengine), mmcv 2.1.0 (mmcv), '
        'mmdet 3.3.0 (mmdet), torch 2.6.0+cpu'
    )


def test_an_empty_environment_is_described(read):
    assert read({}).describe() == 'family none: torch unknown'


def test_all_owners_of_an_import_name_are_found(read):
    stack = read(ONEDL | OPENMMLAB)
    assert stack.owners['mmcv'] == {'onedl-mmcv': '2.3.6', 'mmcv': '2.1.0'}
    assert set(stack.families) == {'onedl', 'openmmlab'}
    assert len(stack.distributions) == 6


def test_a_fork_is_found_by_what_it_installs(read):
    stack = read({'onedl-mmcv-cu128-torch2-8': ('2.3.1', 'docs mmcv')})
    assert stack.owners['mmcv'] == {'onedl-mmcv-cu128-torch2-8': '2.3.1'}


def test_a_distribution_that_lists_nothing_is_found_by_its_name(read):
    stack = read({'mmcv_lite': ('2.1.0', ''), 'mmengine-lite': ('0.10.7', '')})
    assert stack.owners['mmcv'] == {'mmcv-lite': '2.1.0'}
    assert stack.owners['mmengine'] == {'mmengine-lite': '0.10.7'}


def test_metadata_without_a_name_is_skipped(read, tmp_path):
    """An interrupted uninstallation leaves a folder like this one."""
    (tmp_path / '~mcv-2.1.0.dist-info').mkdir()
    assert read(OPENMMLAB).families == ['openmmlab']


def test_the_first_of_two_folders_counts(tmp_path):
    for folder, version in (('a', '3.3.0'), ('b', '3.2.0')):
        write_distributions(tmp_path / folder, {'mmdet': (version, 'mmdet')})
    stack = read_stack([str(tmp_path / 'a'), str(tmp_path / 'b')])
    assert stack.owners['mmdet'] == {'mmdet': '3.3.0'}


@pytest.mark.parametrize(
    ('distribution', 'family'),
    [('onedl-mmcv', 'onedl'), ('mmcv-lite', 'openmmlab'), ('mmdet-open', 'openmmlab')],
)
def test_family_of(distribution, family):
    assert family_of(distribution) == family
