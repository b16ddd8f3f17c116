"""`demo/shapes_demo.py`, cut to a few images and one epoch."""

# The way to run a script.
from tests.tools.conftest import run  # noqa: F401

import pytest


@pytest.mark.slow
def test_demo_shows_steps_progress_and_results(run, tmp_path):  # noqa: F811
    out = tmp_path / 'demo'
    code, text = run(
        'demo/shapes_demo.py',
        *('--out', out, '--train', 16, '--val', 2, '--epochs', 1),
    )
    assert code == 0, text
    lines = text.splitlines()
    assert len(lines) <= 50, text
    for title in ('== 1/3 Make 16 + 2 images', '== 2/3 Train', '== 3/3 Evaluate'):
        assert any(line.startswith(title) for line in lines), text
    assert '2/2 100 %' in text
    assert text.count('PQ (%)') == 2
    assert 'WARN' not in text
    # What the lines name is there.
    named = dict(line.split(': ', 1) for line in lines if ': ' in line)
    assert named['Pictures'] == str(out / 'work_dirs/shapes_pictures')
    pictures = sorted((out / 'work_dirs/shapes_pictures').iterdir())
    assert [path.suffix for path in pictures] == ['.jpg', '.jpg']
    with open(named['Log file'], encoding='utf-8') as log:
        assert 'Hooks will be executed' in log.read()
