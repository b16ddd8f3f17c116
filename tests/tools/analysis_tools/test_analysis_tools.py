"""Command lines of the analysis tools; what they draw is tested with the package."""

import json
import runpy
import sys

import pytest

from ..conftest import CONFIG, REPO

FOLDER = REPO / 'tools/analysis_tools'
PEER = REPO / 'configs/panoptic_fpn/panoptic-fpn_r18_fpn_camvid.py'


@pytest.fixture
def run_tool(monkeypatch, capsys):
    """Returns a function: tool and arguments to its printed text."""

    def run(name, *arguments):
        tool = FOLDER / f'{name}.py'
        monkeypatch.setattr(sys, 'argv', [str(tool), *map(str, arguments)])
        runpy.run_path(str(tool), run_name='__main__')
        return capsys.readouterr().out

    return run


def test_curves(run_tool, tmp_path):
    log = tmp_path / '1/vis_data/scalars.json'
    log.parent.mkdir(parents=True)
    log.write_text(json.dumps(dict(iter=1, loss=2.0)))
    assert 'curves.png' in run_tool('plot_curves', tmp_path)
    assert (tmp_path / 'curves.png').stat().st_size > 1000
    with pytest.raises(SystemExit, match=r'plot_curves: .*none has no log'):
        run_tool('plot_curves', tmp_path / 'none')


@pytest.mark.parametrize(
    ('tool', 'options'),
    [('show_attention', ['--point', '1,2']), ('show_prototypes', [])],
)
def test_missing_files(run_tool, tool, options):
    with pytest.raises(SystemExit, match=f'{tool}: Config file none.py'):
        run_tool(tool, 'a.jpg', 'none.py', 'none.pth', *options)
    with pytest.raises(SystemExit, match=f'{tool}: Checkpoint none.pth'):
        run_tool(tool, 'a.jpg', CONFIG, 'none.pth', *options)


def test_errors_of_detection_recall(run_tool):
    for config, checkpoint, message in (
        ('none.py', 'none.pth', 'Config file none.py'),
        (CONFIG, 'none.pth', 'Checkpoint none.pth'),
        (PEER, PEER, '.* is no EPSNet, but PanopticFPN'),
    ):
        with pytest.raises(SystemExit, match=f'detection_recall: {message}'):
            run_tool('detection_recall', config, checkpoint)


def test_point_must_be_two_numbers(run_tool, capsys):
    with pytest.raises(SystemExit):
        run_tool('show_attention', 'a.jpg', CONFIG, 'x.pth', '--point', '3;4')
    assert "'3;4' is not of the form x,y" in capsys.readouterr().err
