"""Files that services read agree with the project."""

import re
import shlex

import epsnet_mm
from epsnet_mm.aliases import CLASS_NAMES

import pytest
import yaml

from .markdown_files import blocks_of, read


def load(file: str) -> dict:
    return yaml.safe_load(read(file))


def test_citation_is_that_of_the_readme():
    citation = load('CITATION.cff')
    paper = citation['preferred-citation']
    (bibtex,) = [block.text for block in blocks_of('README.md', 'bibtex')]

    assert citation['cff-version'] == '1.2.0'
    assert citation['version'] == epsnet_mm.__version__
    assert {'message', 'title', 'authors'} <= citation.keys()
    assert paper['title'] in bibtex
    assert str(paper['year']) in bibtex
    authors = ' and '.join(
        f'{author["family-names"]}, {author["given-names"]}'
        for author in paper['authors']
    )
    assert f'{{{authors}}}' in bibtex


def test_changelog_has_the_version():
    versions = re.findall(r'^## (\S+)', read('CHANGELOG.md'), re.MULTILINE)
    assert versions[:2] == ['Unreleased', epsnet_mm.__version__]
    numbers = [tuple(map(int, version.split('.'))) for version in versions[1:]]
    assert numbers == sorted(numbers, reverse=True)


def test_changelog_lists_every_old_name():
    rows = read('CHANGELOG.md')
    for old, (_, new) in CLASS_NAMES.items():
        assert f'| `{old}` | `{new}` |' in rows


def targets() -> set[str]:
    return set(re.findall(r'^([\w-]+):', read('Makefile'), re.MULTILINE))


def test_workflows_call_what_ci_run_calls():
    jobs = load('.github/workflows/ci.yml')['jobs']
    runs = [
        shlex.split(step['run'])
        for job in jobs.values()
        for step in job['steps']
        if 'run' in step
    ]
    asked = {words[1] for words in runs}

    assert {words[0] for words in runs} == {'make'}
    assert asked <= targets()
    assert asked == set(
        re.findall(r'^make (\S+)(?: OPS=1)?$', read('.ci/run'), re.MULTILINE)
    )
    assert jobs['test']['strategy']['matrix']['python'] == [
        '3.10',
        '3.11',
        '3.12',
        '3.13',
    ]


def test_hooks_of_pre_commit_are_those_of_make_lint():
    (repo,) = load('.pre-commit-config.yaml')['repos']
    recipe = re.search(r'^lint:.*\n((?:\t.*\n)+)', read('Makefile'), re.MULTILINE)[1]

    # Local hooks that install nothing work without a network.
    assert repo['repo'] == 'local'
    assert [hook['id'] for hook in repo['hooks']] == ['ruff-check', 'ruff-format']
    for hook in repo['hooks']:
        assert hook['language'] == 'system'
        program, command, *_ = hook['entry'].split()
        assert program == '.venv/bin/ruff'
        assert f'ruff {command} ' in recipe
    assert re.search('^ruff==', read('constraints.txt'), re.MULTILINE)


@pytest.mark.parametrize('name', ['bug_report', 'feature_or_question'])
def test_issue_templates(name):
    form = load(f'.github/ISSUE_TEMPLATE/{name}.yml')

    assert form['name']
    assert form['description']
    ids = [part['id'] for part in form['body'] if part['type'] != 'markdown']
    assert len(ids) == len(set(ids)) > 1
    assert any(part.get('validations', {}).get('required') for part in form['body'])


def test_what_the_site_is_built_with_is_pinned():
    # `ruff` and what it shares with the rest are pinned in constraints.txt.
    lines = read('requirements/docs.txt').splitlines()
    names = [line for line in lines if line and line[0] not in '#-']
    loose = [name for name in names if '==' not in name]

    assert '-c ../constraints.txt' in lines
    for name in loose:
        assert re.search(f'^{name}==', read('constraints.txt'), re.MULTILINE), name
