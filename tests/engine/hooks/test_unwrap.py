"""Wrappers around a network, none, one or two of them."""

from epsnet_mm.engine.hooks.unwrap import unwrap

from mmengine.model import BaseTTAModel, MMDistributedDataParallel
from torch import nn


class Network(nn.Module):
    def test_step(self, data):
        return data


class FlipAndScale(BaseTTAModel):
    def merge_preds(self, data_samples_list):
        return data_samples_list


class Parallel(MMDistributedDataParallel):
    """Without the process group that the real one wants."""

    def __init__(self, module):
        nn.Module.__init__(self)
        self.module = module


def test_a_bare_network_stays():
    network = Network()

    assert unwrap(network) is network


def test_wrappers_come_off():
    network = Network()

    assert unwrap(Parallel(network)) is network
    assert unwrap(FlipAndScale(network)) is network
    assert unwrap(Parallel(FlipAndScale(network))) is network
