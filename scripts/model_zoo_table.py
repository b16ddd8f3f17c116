"""Write the tables of models in Markdown files from `metafile.yml`.

A table stands between two lines, of which the first may name it (default: paper):

    <!-- model-zoo: begin ablation -->
    <!-- model-zoo: end -->
"""

import argparse
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from epsnet_mm.analysis.markdown_table import markdown_table

import yaml

ROOT = Path(__file__).resolve().parents[1]
METAFILE = ROOT / 'configs/epsnet/metafile.yml'
DOCUMENTS = (ROOT / 'README.md', ROOT / 'configs/epsnet/README.md')

BLOCK = re.compile(
    r'(?P<begin><!-- model-zoo: begin ?(?P<name>[\w-]*) -->\n)'
    r'.*?(?P<end><!-- model-zoo: end -->)',
    re.DOTALL,
)


class ModelZooError(Exception):
    """A table cannot be written; the message tells which, and the remedy."""


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        title: Its head.
        cell: From an entry of the metafile to the text of the cell.
        is_number: Aligned on the right.
    """

    title: str
    cell: Callable[[dict], str]
    is_number: bool = True


def metadata(title: str, key: str, form: str = '', is_number: bool = True) -> Column:
    """A column of one entry in `Metadata`, empty where a model has none."""

    def cell(model: dict) -> str:
        value = model['Metadata'].get(key)
        return '' if value is None else format(value, form)

    return Column(title, cell, is_number)


def metric(title: str, key: str) -> Column:
    """A column of one figure in `Results`, empty where a model has none."""

    def cell(model: dict) -> str:
        return str(metrics(model).get(key, ''))

    return Column(title, cell)


def metrics(model: dict) -> dict[str, float]:
    """The figures of a model."""
    return {
        name: value
        for result in model.get('Results', [])
        for name, value in result['Metrics'].items()
    }


SUMMARY = metadata('differs in', 'Differs In', is_number=False)
DATA = metadata('data', 'Training Data', is_number=False)
PAPER_TABLE = metadata('paper: table', 'Paper Table', is_number=False)
QUALITY = tuple(metric(key, f'{key} (paper)') for key in ('PQ', 'PQ_th', 'PQ_st'))
MEASURED = tuple(metric(key, key) for key in ('PQ', 'PQ_th', 'PQ_st'))
COST = (
    metadata('parameters (M)', 'Parameters (M)', '.2f'),
    metadata('multiply-adds (G)', 'Multiply-Adds (G)', '.1f'),
)
ITERATIONS = metadata('iterations', 'Iterations', ',')

# Name of a table -> the groups of models in it, and the columns after the link.
TABLES = {
    'paper': (('full', 'ablation'), QUALITY),
    'full': (('full',), (SUMMARY, PAPER_TABLE, *QUALITY, ITERATIONS, *COST)),
    'ablation': (('ablation',), (SUMMARY, PAPER_TABLE, *QUALITY, *COST)),
    'variant': (('variant',), (SUMMARY, *COST)),
    'official': (('official',), (QUALITY[0], *COST)),
    'plus': (('plus',), (SUMMARY, DATA, *MEASURED, *COST)),
    'cheaper': (('cheaper',), (SUMMARY, *MEASURED, *COST)),
    'small': (('small',), (SUMMARY, DATA, *COST)),
}


def table(name: str, models: list[dict], folder: Path) -> str:
    """One table in Markdown.

    Args:
        name: A key of `TABLES`.
        models: Entries of the metafile, in the order of the rows.
        folder: Of the document; links start here.
    """
    groups, columns = TABLES[name]
    rows = []
    for model in models:
        if model['Metadata'].get('Group') in groups:
            target = Path(os.path.relpath(ROOT / model['Config'], folder)).as_posix()
            link = f'[{model["Name"]}]({target})'
            rows.append([link, *(x.cell(model) for x in columns)])
    alignment = 'l' + ''.join('r' if x.is_number else 'l' for x in columns)
    header = ['config', *(x.title for x in columns)]
    return markdown_table(header, rows, alignment) + '\n'


def fill(text: str, models: list[dict], folder: Path) -> str:
    """A document with all its tables written anew.

    Raises:
        ModelZooError: It names a table that there is not, or leaves one open.
    """
    if text.count('<!-- model-zoo: begin') != len(BLOCK.findall(text)):
        raise ModelZooError('close each `model-zoo: begin` with `model-zoo: end`')

    def replace(block: re.Match) -> str:
        name = block['name'] or 'paper'
        if name not in TABLES:
            raise ModelZooError(
                f'there is no table `{name}`: use one of {", ".join(TABLES)}'
            )
        return block['begin'] + table(name, models, folder) + block['end']

    return BLOCK.sub(replace, text)


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        'documents',
        nargs='*',
        type=Path,
        default=DOCUMENTS,
        help='Markdown files (default: the two READMEs)',
    )
    parser.add_argument('--metafile', type=Path, default=METAFILE)
    parser.add_argument(
        '--check',
        action='store_true',
        help='write nothing; exit with 1 if a document is out of date',
    )
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> None:
    """Write or check the tables of all documents."""
    args = parse_args(argv)
    models = yaml.safe_load(args.metafile.read_text(encoding='utf-8'))['Models']
    outdated = []
    for document in args.documents:
        text = document.read_text(encoding='utf-8')
        try:
            filled = fill(text, models, document.resolve().parent)
        except ModelZooError as error:
            sys.exit(f'{document}: {error}')
        if filled != text:
            outdated.append(str(document))
            if not args.check:
                document.write_text(filled, encoding='utf-8')
    if args.check and outdated:
        sys.exit(
            f'Out of date: {", ".join(outdated)}. '
            'Run `python scripts/model_zoo_table.py`.'
        )


if __name__ == '__main__':
    main()
