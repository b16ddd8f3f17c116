"""Links of the repository become links of the site; MkDocs itself is not needed."""

import importlib.util

import pytest
import yaml

from .markdown_files import ROOT


@pytest.fixture(scope='module')
def hooks():
    spec = importlib.util.spec_from_file_location(
        'site_hooks', ROOT / 'docs/site_hooks.py'
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ('source', 'page', 'before', 'after'),
    [
        ('README.md', 'index.md', '[a](docs/b.md#c)', '[a](b.md#c)'),
        ('README.md', 'index.md', '![a](docs/images/b.jpg)', '![a](images/b.jpg)'),
        ('README.md', 'index.md', '[a](configs/epsnet/README.md)', '[a](model_zoo.md)'),
        ('docs/a.md', 'a.md', '[a](../README.md#b)', '[a](index.md#b)'),
        ('docs/a.md', 'a.md', '[a](#b) and [c](d.md)', '[a](#b) and [c](d.md)'),
        ('docs/a.md', 'a.md', '[a](https://b.c/d.md)', '[a](https://b.c/d.md)'),
        # A file that is no page: its text.
        ('README.md', 'index.md', '[`a`](tools/train.py)', '`a`'),
        ('configs/epsnet/README.md', 'model_zoo.md', '[a](a.py)', 'a'),
    ],
)
def test_links(hooks, source, page, before, after):
    assert hooks.translate_links(before, source, page) == after


def test_links_to_other_files_lead_to_the_repository(hooks):
    text = hooks.translate_links('[a](../LICENSE)', 'docs/a.md', 'a.md', 'https://b.c/')
    assert text == '[a](https://b.c/blob/main/LICENSE)'


def test_code_is_left_alone(hooks):
    text = '```python\na[b](c)\n```\n[d](docs/e.md)\n'
    assert hooks.translate_links(text, 'README.md', 'index.md') == (
        '```python\na[b](c)\n```\n[d](e.md)\n'
    )


def test_every_module_has_its_place_in_the_reference(hooks):
    listed = [
        line.removeprefix('::: ')
        for page in hooks.api_pages().values()
        for line in page.splitlines()
        if line.startswith('::: ')
    ]
    modules = [
        '.'.join(path.relative_to(ROOT).with_suffix('').parts)
        for path in (
            *(ROOT / 'epsnet_mm').glob('*/**/*.py'),
            *(ROOT / 'epsnet_runtime').rglob('*.py'),
        )
        if path.name not in ('__init__.py', '__main__.py') and '.mim' not in path.parts
    ]
    assert sorted(listed) == sorted(modules)


def test_every_page_is_in_the_navigation(hooks):
    # Without the constructors of Python objects that other MkDocs files may have.
    nav = yaml.safe_load((ROOT / 'mkdocs.yml').read_text(encoding='utf-8'))['nav']
    listed = str(nav)
    pages = [path.name for path in (ROOT / 'docs').glob('*.md')]
    for page in pages + list(hooks.PAGES.values()):
        assert f"'{page}'" in listed, f'mkdocs.yml does not list {page}'
    for source in hooks.PAGES:
        assert (ROOT / source).is_file()
