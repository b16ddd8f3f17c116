"""The table of memory and time, on maps of a few positions."""
import importlib.util

from ..conftest import REPO


def test_literal_equations_need_more_memory(monkeypatch, capsys):
    path = REPO / 'tools/analysis_tools/benchmark_attention.py'
    spec = importlib.util.spec_from_file_location('benchmark_attention', path)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    monkeypatch.setattr('sys.argv', [path.name, '--sizes', '256', '--iters', '1'])

    tool.main()  # ends in an error where the two disagree

    rows = capsys.readouterr().out.splitlines()[2:]
    literal, ours = (float(row.split('|')[3]) for row in rows)
    assert literal > ours > 0
