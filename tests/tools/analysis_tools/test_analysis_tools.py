"""Command lines of the analysis tools; what they compute is tested with the package."""

import json

import pytest

from ..conftest import CONFIG, REPO

BASELINE = REPO / 'configs/panoptic_fpn/panoptic-fpn_r18_fpn_camvid.py'


@pytest.fixture
def analyze(run_tool):
    """Returns a function: name of the tool and its arguments to the printed text."""
    return lambda name, *arguments: run_tool(f'analysis_tools/{name}', *arguments)


@pytest.fixture
def work_dir(tmp_path):
    """Of a training with one log and one validation."""
    log = tmp_path / '1/vis_data/scalars.json'
    log.parent.mkdir(parents=True)
    records = [
        dict(iter=1, loss=2.0, time=60.0),
        {'x/PQ': 30.0, 'x/PQ_th': 20.0, 'x/PQ_st': 40.0},
    ]
    log.write_text('\n'.join(map(json.dumps, records)))
    return tmp_path


def test_plot_curves(analyze, work_dir):
    assert 'curves.png' in analyze('plot_curves', work_dir)
    assert (work_dir / 'curves.png').stat().st_size > 1000
    with pytest.raises(SystemExit, match=r'plot_curves: .*none has no log'):
        analyze('plot_curves', work_dir / 'none')


def test_compare_trainings(analyze, work_dir, capsys):
    text = analyze('compare_trainings', f'full={work_dir}')
    assert text.endswith('| full | 1 | 1.0 | 30.0 | 20.0 | 40.0 |  |\n')
    with pytest.raises(SystemExit, match=r'compare_trainings: .*none has no log'):
        analyze('compare_trainings', f'full={work_dir},{work_dir / "none"}')
    with pytest.raises(SystemExit):
        analyze('compare_trainings', str(work_dir))
    assert 'is not of the form NAME=WORK_DIR' in capsys.readouterr().err


def test_anchor_coverage(analyze, tiny_config):
    lines = analyze('anchor_coverage', tiny_config, '--iou', '0').splitlines()
    assert lines[0].endswith('panoptic_train.json, at 96 x 96 px')
    assert lines[1] == '| class | objects | IoU 0 |'
    assert lines[-1].startswith('| all | ')
    assert lines[-1].endswith(' | 100 % |')


def test_get_flops(analyze):
    assert (
        analyze('get_flops', CONFIG, '--shape', 64, 96)
        .splitlines()[2]
        .startswith('| epsnet_r18_fpn_shapes | 64 x 96 | ')
    )
    with pytest.raises(SystemExit, match=r'get_flops: Config file none\.py'):
        analyze('get_flops', 'none.py')


@pytest.mark.parametrize(
    ('tool', 'before', 'after'),
    [
        ('show_attention', ['a.jpg'], ['--point', '1,2']),
        ('show_prototypes', ['a.jpg'], []),
        ('detection_recall', [], []),
    ],
)
def test_missing_files(analyze, tool, before, after):
    with pytest.raises(SystemExit, match=f'{tool}: Config file none.py'):
        analyze(tool, *before, 'none.py', 'none.pth', *after)
    with pytest.raises(SystemExit, match=f'{tool}: Checkpoint none.pth'):
        analyze(tool, *before, CONFIG, 'none.pth', *after)


def test_detection_recall_needs_an_epsnet(analyze):
    with pytest.raises(SystemExit, match=r'recall: .* is no EPSNet, but PanopticFPN'):
        analyze('detection_recall', BASELINE, BASELINE)


def test_point_must_be_two_numbers(analyze, capsys):
    with pytest.raises(SystemExit):
        analyze('show_attention', 'a.jpg', CONFIG, 'x.pth', '--point', '3;4')
    assert "'3;4' is not of the form x,y" in capsys.readouterr().err
