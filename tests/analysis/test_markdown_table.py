"""Tables by hand."""

from epsnet_mm.analysis.markdown_table import markdown_table

import pytest


def test_table():
    table = markdown_table(
        ['class', 'objects', 'verdict'], [['cat', '1', ''], ['dog', '20', 'few']], 'lrl'
    )

    assert table.split('\n') == [
        '| class | objects | verdict |',
        '| --- | ---: | --- |',
        '| cat | 1 |  |',
        '| dog | 20 | few |',
    ]


def test_only_a_header():
    assert markdown_table(['a'], [], 'r') == '| a |\n| ---: |'


def test_cells_cannot_break_the_table():
    table = markdown_table(['a|b'], [['c|d|e'], ['two\nlines']], 'l')

    assert table.split('\n') == [
        r'| a\|b |',
        '| --- |',
        r'| c\|d\|e |',
        '| two lines |',
    ]


@pytest.mark.parametrize('row', [['1'], ['1', '2', '3']])
def test_row_of_another_length(row):
    with pytest.raises(ValueError, match='give one cell per column'):
        markdown_table(['a', 'b'], [row], 'lr')


@pytest.mark.parametrize('alignment', ['', 'l', 'lrr', 'lc'])
def test_alignment_of_other_columns(alignment):
    with pytest.raises(ValueError, match='give one l or r per column'):
        markdown_table(['a', 'b'], [], alignment)
