"""A checkpoint of random weights, which an export accepts."""

from benchmarks import random_weights

import torch


def test_checkpoint(tmp_path, monkeypatch, capsys):
    out = tmp_path / 'new/a.pth'
    monkeypatch.setattr(
        'sys.argv',
        ['random_weights', 'epsnet/epsnet_r18_fpn_shapes.py', '--out', str(out)],
    )

    random_weights.main()

    content = torch.load(out, weights_only=True)
    meta = content['meta']['dataset_meta']
    assert meta['classes'][0] == 'thing 1'
    assert meta['classes'] == meta['thing_classes'] + meta['stuff_classes']
    # The head has a class more, the background.
    classes = content['state_dict']['bbox_head.conv_cls.weight'].shape[0]
    assert classes % (len(meta['thing_classes']) + 1) == 0
    assert capsys.readouterr().out == f'Wrote {out}\n'
