"""The network whose weights come with the package."""

import hashlib
from pathlib import Path

from epsnet_mm.environment import default_network as module
from epsnet_mm.environment.default_network import DEFAULT_NETWORK, default_network

import pytest
import torch

ROOT = Path(__file__).parents[2]
CARD = (ROOT / 'docs/model_card.md').read_text(encoding='utf-8')


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def test_the_file_is_the_one_of_the_model_card():
    _, weights = default_network()

    assert f'`{sha256(weights)}`' in CARD
    assert Path(weights).stat().st_size < 10e6


def test_the_file_is_data_only_and_names_its_config():
    config, weights = default_network()

    content = torch.load(weights, weights_only=True)

    assert content['meta']['config'] == Path(config).name == f'{DEFAULT_NETWORK}.py'
    assert content['meta']['dataset_meta']['classes'][0] == 'window'
    floats = [x for x in content['state_dict'].values() if x.is_floating_point()]
    assert {x.dtype for x in floats} == {torch.float16}


def test_missing_weights_are_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(module, '__file__', str(tmp_path / 'a/b/default_network.py'))

    with pytest.raises(FileNotFoundError, match=r'weights .* are missing: install'):
        default_network()
