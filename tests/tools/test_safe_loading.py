"""No tool runs code that is hidden in a checkpoint."""

import mmcv
import numpy as np
import pytest
import torch


class Mischief:
    """Runs code when unpickled: creates the file `path`."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), 'w')


@pytest.mark.slow
@pytest.mark.parametrize(
    'command',
    [
        'tools/train.py CONFIG --resume EVIL',
        'tools/train.py CONFIG --cfg-options load_from=EVIL',
        'tools/test.py CONFIG EVIL',
        'tools/test.py CONFIG EVIL --quiet',
        'tools/analysis_tools/show_attention.py IMAGE CONFIG EVIL --point 3,3',
        'tools/analysis_tools/show_prototypes.py IMAGE CONFIG EVIL',
        'tools/analysis_tools/detection_recall.py CONFIG EVIL',
        'tools/model_converters/epsnet_release_to_mmdet.py EVIL out.pth',
        'demo/image_demo.py IMAGE CONFIG --weights EVIL',
    ],
)
def test_code_in_a_checkpoint_is_not_run(run, tiny_config, tmp_path, command):
    evil, trace, image = tmp_path / 'evil.pth', tmp_path / 'trace', tmp_path / 'a.png'
    torch.save(dict(state_dict={}, meta={}, extra=Mischief(trace)), evil)
    mmcv.imwrite(np.zeros((32, 32, 3), np.uint8), str(image))
    for word, path in dict(CONFIG=tiny_config, EVIL=evil, IMAGE=image).items():
        command = command.replace(word, str(path))

    code, text = run(*command.split())

    assert not trace.exists(), text
    assert code != 0
    assert 'open, which could run code' in ' '.join(text.split()), text
