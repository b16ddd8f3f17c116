"""Tables from a made-up metafile."""

from scripts.model_zoo_table import main

import pytest

METAFILE = """
Models:
  - Name: large
    Config: {root}/configs/x/large.py
    Metadata:
      Group: full
      Differs In: size
      Paper Table: '7'
      Iterations: 1234567
      Parameters (M): 51.3
      Multiply-Adds (G): 100
    Results:
      - Task: Panoptic Segmentation
        Metrics: {{PQ (paper): 50.5, PQ_th (paper): 60.0, PQ_st (paper): 41}}
  - Name: small
    Config: {root}/configs/x/small.py
    Metadata: {{Group: small, Training Data: two images}}
  - Name: plain
    Config: {root}/configs/x/plain.py
    Metadata: {{Group: ablation, Parameters (M): 2}}
    Results:
      - Metrics: {{PQ (paper): 10}}
"""


@pytest.fixture
def write(tmp_path):
    """`write(text)`: run the script on a document; returns what it becomes."""
    metafile = tmp_path / 'metafile.yml'
    metafile.write_text(METAFILE.format(root=tmp_path))
    document = tmp_path / 'docs/README.md'
    document.parent.mkdir()

    def run(text, *flags):
        document.write_text(text)
        main([str(document), '--metafile', str(metafile), *flags])
        return document.read_text()

    return run


def block(name, body=''):
    return f'before\n<!-- model-zoo: begin{name} -->\n{body}<!-- model-zoo: end -->\n'


def test_the_full_models(write):
    assert write(block(' full', 'old\n')) == block(
        ' full',
        '| config | differs in | paper: table | PQ | PQ_th | PQ_st | iterations '
        '| parameters (M) | multiply-adds (G) |\n'
        '| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n'
        '| [large](../configs/x/large.py) | size | 7 | 50.5 | 60.0 | 41 | 1,234,567 '
        '| 51.30 | 100.0 |\n',
    )


def test_the_paper_s_table_needs_no_name(write):
    """Missing figures leave their cells empty; other groups are left out."""
    expected = (
        '| config | PQ | PQ_th | PQ_st |\n| --- | ---: | ---: | ---: |\n'
        '| [large](../configs/x/large.py) | 50.5 | 60.0 | 41 |\n'
        '| [plain](../configs/x/plain.py) | 10 |  |  |\n'
    )

    assert write(block('')) == block('', expected)
    assert write(block(' paper')) == block(' paper', expected)


def test_several_tables_and_the_text_around_them(write):
    text = write(block(' small') + 'between\n' + block(' small'))

    assert text.count('[small](../configs/x/small.py) |  | two images |') == 2
    assert text.count('between\n') == 1
    assert write(text) == text


def test_a_document_without_tables_stays(write):
    assert write('| a |\n') == '| a |\n'


def test_check_writes_nothing(write, tmp_path):
    document = tmp_path / 'docs/README.md'

    with pytest.raises(SystemExit, match=r'Out of date: .*README\.md'):
        write(block(''), '--check')

    assert document.read_text() == block('')
    filled = write(block(''))
    assert write(filled, '--check') == filled


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        (block(' best'), 'there is no table `best`: use one of paper, full'),
        ('<!-- model-zoo: begin full -->\n', 'close each'),
    ],
)
def test_mistakes_name_the_remedy(write, text, message):
    with pytest.raises(SystemExit, match=message):
        write(text)
