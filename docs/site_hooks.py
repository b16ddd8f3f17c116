"""Hooks of MkDocs: pages outside docs/, the API reference, and links between them.

All Markdown of the repository is written for readers of the repository: its links
name files beside it. The site has some of these files as pages under other names,
and not the rest. So the hooks translate: a link to a page leads to that page, a
link to another file to the repository's address, if mkdocs.yml gives one.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ('epsnet_mm', 'epsnet_runtime')

#: Pages outside docs/: file in the repository -> page of the site.
PAGES = {
    'README.md': 'index.md',
    'configs/epsnet/README.md': 'model_zoo.md',
    'CONTRIBUTING.md': 'contributing.md',
    'CHANGELOG.md': 'changelog.md',
}
_SOURCES = {page: source for source, page in PAGES.items()}

# A fence up to its end, or a link or picture outside of fences. The text of a link
# may hold code, as in [`epsnet.py`](epsnet.py).
_FENCE_OR_LINK = re.compile(
    r'^(?P<fence> *```).*?^ *```'
    r'|(?P<bang>!?)\[(?P<text>[^\]\n]*)\]\((?P<target>[^)\s]+)\)',
    re.MULTILINE | re.DOTALL,
)


def api_pages(root: Path = ROOT) -> dict[str, str]:
    """The API reference: a page per folder of the packages, from what is there.

    Args:
        root: The checkout.

    Returns:
        Page of the site -> its Markdown; mkdocstrings fills in the docstrings.
    """
    pages = {}
    inits = [
        init
        for package in PACKAGES
        for init in sorted((root / package).rglob('__init__.py'))
    ]
    for init in inits:
        folder = init.parent
        name = '.'.join(folder.relative_to(root).parts)
        modules = [
            f'{name}.{path.stem}'
            for path in sorted(folder.glob('*.py'))
            if path.stem not in ('__init__', '__main__')
        ]
        # The modules at the top of epsnet_mm are no interface.
        if modules and folder.name != 'epsnet_mm':
            blocks = [f'::: {module}' for module in modules]
            pages[f'api/{name}.md'] = '\n\n'.join([f'# `{name}`', *blocks]) + '\n'
    return pages


def translate_links(
    markdown: str, source: str, page: str, repo_url: str | None = None
) -> str:
    """Turn the links of a file of the repository into links of its page.

    Args:
        markdown: The text of the file; its fenced code is left alone.
        source: The file, relative to the root of the repository.
        page: Its page, relative to the root of the site.
        repo_url: The repository's address; without one, a link to a file that is
            no page becomes its text.

    Returns:
        The text of the page.
    """

    def translate(match: re.Match) -> str:
        target = match['target']
        if match['fence'] or target is None or re.match(r'[a-z]+:|#', target):
            return match[0]
        path, hash_sign, anchor = target.partition('#')
        file = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
        to = PAGES.get(file) or (
            file.removeprefix('docs/') if file.startswith('docs/') else None
        )
        if to:
            to = posixpath.relpath(to, posixpath.dirname(page) or '.')
            return f'{match["bang"]}[{match["text"]}]({to}{hash_sign}{anchor})'
        if repo_url:
            return f'[{match["text"]}]({repo_url.rstrip("/")}/blob/main/{file})'
        return match['text']

    return _FENCE_OR_LINK.sub(translate, markdown)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Append the API reference to the navigation."""
    entries = [
        {Path(page).stem.removeprefix('epsnet_mm.'): page} for page in api_pages()
    ]
    config.nav.append({'API reference': entries})
    return config


def _generated(config: MkDocsConfig) -> Iterator[File]:
    # Only here, so that the tests can import this file without MkDocs.
    from mkdocs.structure.files import File

    for source, page in PAGES.items():
        yield File.generated(config, page, abs_src_path=str(ROOT / source))
    for page, markdown in api_pages().items():
        yield File.generated(config, page, content=markdown)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages outside docs/."""
    for file in _generated(config):
        files.append(file)
    return files


def on_page_markdown(
    markdown: str, page: Page, config: MkDocsConfig, files: Files
) -> str:
    """Translate the links of a page."""
    name = page.file.src_uri
    source = _SOURCES.get(name, f'docs/{name}')
    return translate_links(markdown, source, name, config.repo_url)
