"""Markdown is read right, or the other tests of this folder check nothing."""

from .markdown_files import (
    Block,
    anchors_of,
    links_of,
    markdown_files,
    split_blocks,
)

TEXT = """# A title
- an item

    ```bash
    make a \\
        --flag
    ```
[text](b.md)
```python
x = 1
```
"""


def test_blocks_and_prose_are_told_apart():
    prose, blocks = split_blocks('a.md', TEXT)

    assert prose == [(1, '# A title'), (2, '- an item'), (3, ''), (8, '[text](b.md)')]
    assert blocks == [
        Block('a.md', 5, 'bash', 'make a \\\n    --flag\n'),
        Block('a.md', 10, 'python', 'x = 1\n'),
    ]


def test_all_files_are_found():
    files = markdown_files()

    assert {
        'README.md',
        'CONTRIBUTING.md',
        'docs/results.md',
        'configs/epsnet/README.md',
        'tests/data/README.md',
    } <= set(files)


def test_anchors_and_links_of_a_real_file():
    assert {'1-expected-files', 'example-camvid'} <= anchors_of(
        'docs/custom_dataset.md'
    )
    targets = [target for _, target in links_of('docs/custom_dataset.md')]
    assert '#example-camvid' in targets
    assert 'results.md#camvid' in targets
