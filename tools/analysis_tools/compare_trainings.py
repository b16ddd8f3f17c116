"""Mean and spread of the PQ of trainings with several seeds, as Markdown.

Example: compare_trainings.py full=work_dirs/a_0,work_dirs/a_1 other=work_dirs/b_0
"""

import argparse

from epsnet_mm.analysis.training_comparison import comparison_table, read_group
from epsnet_mm.engine.command_line import exit_on_error


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        'groups',
        nargs='+',
        type=named_folders,
        metavar='NAME=WORK_DIR[,WORK_DIR]',
        help='name of a row, and the work directories of its trainings; the other '
        'rows are compared with the first',
    )
    return parser.parse_args()


def named_folders(text: str) -> tuple[str, list[str]]:
    name, _, folders = text.partition('=')
    if not name or not folders:
        raise argparse.ArgumentTypeError(
            f'{text!r} is not of the form NAME=WORK_DIR,WORK_DIR'
        )
    return name, folders.split(',')


def main() -> None:
    args = parse_args()
    with exit_on_error():
        groups = [read_group(name, folders) for name, folders in args.groups]
    print(comparison_table(groups))


if __name__ == '__main__':
    main()
