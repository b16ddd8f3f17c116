"""Files of OpenVINO on the command line."""

from epsnet_runtime.commands.load_model import load_model

import pytest


def test_a_file_of_openvino_has_no_other_device():
    with pytest.raises(ValueError, match=r'x\.xml runs on the CPU, not on .* cuda:0'):
        load_model(['x.xml'], 'cuda:0', 100)


@pytest.mark.parametrize('device', ['auto', 'cpu'])
def test_a_file_of_openvino_that_is_not_there(device):
    pytest.importorskip('openvino', reason='openvino is not installed')

    with pytest.raises(FileNotFoundError, match=r'x\.xml does not exist'):
        load_model(['x.xml'], device, 100)
