"""The network that comes with the package, as its users meet it."""

import json
import os
import subprocess
import sys

from epsnet_mm.environment.default_network import DEFAULT_NETWORK, default_network
from tests.requirements import DATA_DIR, needs_data

import cv2
import numpy as np
import pytest
import yaml

from .conftest import REPO


@pytest.mark.parametrize(
    'command', [['demo/image_demo.py'], ['-m', 'epsnet_runtime', 'predict']]
)
def test_a_photograph_without_any_further_argument(tmp_path, command):
    image = np.random.default_rng(0).integers(0, 256, (64, 96, 3), dtype=np.uint8)
    cv2.imwrite(str(tmp_path / 'photo.png'), image)

    command = [sys.executable, *command]
    if command[1] != '-m':
        command[1] = str(REPO / command[1])
    done = subprocess.run(
        [*command, tmp_path / 'photo.png'],
        cwd=tmp_path,
        env=dict(os.environ, PYTHONPATH=str(REPO), CUDA_VISIBLE_DEVICES=''),
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert 'Wrote 1 results to outputs' in done.stdout
    content = json.loads((tmp_path / 'outputs/panoptic.json').read_text())
    assert {x['name'] for x in content['categories']} >= {'window', 'facade'}
    assert (tmp_path / 'outputs/vis/photo.png').is_file()


@pytest.mark.slow
@needs_data('facades')
def test_quality_is_the_one_of_the_metafile(run, tmp_path):
    """The published file on the validation images."""
    meta = yaml.safe_load((REPO / 'configs/epsnet/metafile.yml').read_text())
    weights = f'epsnet_mm/weights/{DEFAULT_NETWORK}.pth'
    (entry,) = (x for x in meta['Models'] if x.get('Weights') == weights)
    root = DATA_DIR / 'facades'

    code, text = run(
        'tools/test.py',
        *default_network(),
        '--work-dir',
        tmp_path / 'w',
        '--cfg-options',
        f'test_dataloader.dataset.data_root={root}',
        f'test_evaluator.ann_file={root}/annotations/panoptic_val.json',
        f'test_evaluator.seg_prefix={root}/annotations/panoptic_val/',
    )

    assert code == 0, text
    (log,) = (tmp_path / 'w').glob('*/*.json')
    found = json.loads(log.read_text())
    for name, value in entry['Results'][0]['Metrics'].items():
        key = 'coco_panoptic/' + name.removesuffix(' (val)')
        assert found[key] == pytest.approx(value, abs=0.1)
