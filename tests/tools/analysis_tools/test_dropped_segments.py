"""Command line of the dropped segments, on an untrained network."""

import json

import pytest
import torch
from mmdet.registry import MODELS
from mmengine.config import Config


def test_table_and_numbers(run_tool, tiny_config, tmp_path):
    model = MODELS.build(Config.fromfile(tiny_config).model)
    torch.save(dict(state_dict=model.state_dict()), tmp_path / 'random.pth')
    printed = run_tool(
        'analysis_tools/dropped_segments',
        *(tiny_config, tmp_path / 'random.pth', '--json', tmp_path / 'deep/x.json'),
    )
    content = json.loads((tmp_path / 'deep/x.json').read_text(encoding='utf-8'))
    lost = content['others'] + sum(row['lost'] for row in content['rules'])
    assert lost == pytest.approx(100 - content['pq'])
    assert f'| 100 - PQ |  | {100 - content["pq"]:.2f} |' in printed


def test_other_networks(run_tool, tmp_path, repo_root):
    config = repo_root / 'configs/panoptic_fpn/panoptic-fpn_r18_fpn_camvid.py'
    (tmp_path / 'x.pth').touch()
    with pytest.raises(SystemExit, match=r'dropped_segments: .* is no EPSNet'):
        run_tool('analysis_tools/dropped_segments', config, tmp_path / 'x.pth')
