"""`epsnet predict` with a config and its checkpoint."""

import json

from epsnet_runtime.commands.main import main

import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def config_file(config, tmp_path):
    config.dump(str(tmp_path / 'config.py'))
    return str(tmp_path / 'config.py')


def test_predict(config_file, weights, folder, tmp_path):
    out = tmp_path / 'out'
    options = ['--device', 'cpu', '--batch-size', '2', '--out-dir', str(out)]
    with pytest.raises(SystemExit) as end:
        main(['predict', folder, '--model', config_file, weights, *options])
    assert end.value.code == 0
    content = json.loads((out / 'panoptic.json').read_text())
    assert [x['file_name'] for x in content['images']] == ['a.png', 'b.jpg']
    areas = [x['area'] for x in content['annotations'][0]['segments_info']]
    assert areas == [90, 90]
    assert np.asarray(Image.open(out / 'vis/a.png')).shape[1] == 20


@pytest.mark.parametrize(
    ('config_name', 'weights_name', 'message'),
    [
        ('missing.py', 'WEIGHTS', 'missing.py'),
        ('CONFIG', 'missing.pth', 'missing.pth does not exist'),
    ],
)
def test_missing_files(
    config_file, weights, folder, config_name, weights_name, message
):
    config_name = config_file if config_name == 'CONFIG' else config_name
    weights_name = weights if weights_name == 'WEIGHTS' else weights_name
    with pytest.raises(SystemExit, match=f'^epsnet predict: .*{message}'):
        main(['predict', folder, '--model', config_name, weights_name])
