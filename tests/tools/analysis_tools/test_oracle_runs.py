"""Command line of the oracles, on an untrained network."""

import json

import pytest
import torch
from mmdet.registry import MODELS
from mmengine.config import Config


def test_table_and_numbers(run_tool, tiny_config, tmp_path):
    model = MODELS.build(Config.fromfile(tiny_config).model)
    torch.save(dict(state_dict=model.state_dict()), tmp_path / 'random.pth')
    printed = run_tool(
        'analysis_tools/oracle_runs',
        *(tiny_config, tmp_path / 'random.pth', '--json', tmp_path / 'deep/x.json'),
    )
    rows = json.loads((tmp_path / 'deep/x.json').read_text(encoding='utf-8'))
    assert len(rows) == printed.count('\n|') - 2
    last = rows[-1]
    assert last['pq_things'] > 90 > rows[0]['pq_things']
    assert f'| {last["name"]} | {last["pq"]:.1f} |' in printed


def test_other_networks(run_tool, tmp_path, repo_root):
    config = repo_root / 'configs/panoptic_fpn/panoptic-fpn_r18_fpn_camvid.py'
    (tmp_path / 'x.pth').touch()
    with pytest.raises(SystemExit, match=r'oracle_runs: .* is no EPSNet'):
        run_tool('analysis_tools/oracle_runs', config, tmp_path / 'x.pth')
