"""The table of memory and time, on maps of a few positions."""

from benchmarks import attention


def test_literal_equations_need_more_memory(monkeypatch, capsys):
    monkeypatch.setattr('sys.argv', ['attention', '--sizes', '256', '--iters', '1'])

    attention.main()  # ends in an error where the two disagree

    rows = capsys.readouterr().out.splitlines()[2:]
    literal, ours = (float(row.split('|')[3]) for row in rows)
    assert literal > ours > 0
