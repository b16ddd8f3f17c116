"""Command line of the sweep, on an untrained network."""

import json

import pytest
import torch
from mmdet.registry import MODELS
from mmengine.config import Config


def test_table_plot_and_numbers(run_tool, tiny_config, tmp_path):
    cfg = Config.fromfile(tiny_config)
    model = MODELS.build(cfg.model)
    torch.save(dict(state_dict=model.state_dict()), tmp_path / 'random.pth')
    printed = run_tool(
        'analysis_tools/threshold_sweep',
        tiny_config,
        tmp_path / 'random.pth',
        *('--scores', 0.3, '--overlaps', 0.9, '--stuff-areas', 1),
        *('--plot', tmp_path / 'deep/sweep.png', '--json', tmp_path / 'sweep.json'),
    )
    assert '| score_thr | mask_overlap 0.5 | mask_overlap 0.9 |' in printed
    content = json.loads((tmp_path / 'sweep.json').read_text(encoding='utf-8'))
    # The config's values are always there too.
    assert len(content['settings']) == 2 * 2 * 2
    own = cfg.model.test_cfg
    assert content['own']['score_thr'] == own.bbox_head.score_thr
    assert content['own']['stuff_area_limit'] == own.panoptic.stuff_area_limit
    assert (tmp_path / 'deep/sweep.png').stat().st_size > 1000


def test_other_networks(run_tool, tmp_path, repo_root):
    config = repo_root / 'configs/panoptic_fpn/panoptic-fpn_r18_fpn_camvid.py'
    (tmp_path / 'x.pth').touch()
    with pytest.raises(SystemExit, match=r'threshold_sweep: .* is no EPSNet'):
        run_tool('analysis_tools/threshold_sweep', config, tmp_path / 'x.pth')
