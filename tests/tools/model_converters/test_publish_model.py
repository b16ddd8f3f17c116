"""The small file for others that is made of a training's checkpoint."""

import epsnet_mm

import pytest
import torch

TOOL = 'model_converters/publish_model'
CLASSES = dict(classes=('car', 'sky'), thing_classes=('car',), stuff_classes=('sky',))


@pytest.fixture
def checkpoint(tmp_path):
    """`checkpoint(**weights)`: the file of a training."""

    def write(**weights):
        path = tmp_path / 'epoch_3.pth'
        meta = dict(epoch=3, iter=9, seed=0, cfg='model = dict()', dataset_meta=CLASSES)
        torch.save(
            dict(
                meta=meta,
                state_dict=weights,
                optimizer=dict(state={}),
                message_hub=dict(log_scalars={}),
            ),
            path,
        )
        return path

    return write


@pytest.mark.parametrize('half', [False, True])
def test_weights_and_classes_alone_are_kept(run_tool, checkpoint, tmp_path, half):
    weights = dict(
        weight=torch.tensor([[1.0, 1 / 3]]), num_batches_tracked=torch.tensor(7)
    )
    out = tmp_path / 'small.pth'
    options = ['--half'] if half else []
    printed = run_tool(
        TOOL, checkpoint(**weights), out, '--config', 'a_camvid.py', *options
    )
    assert f'3 values in {torch.float16 if half else torch.float32}' in printed
    found = torch.load(out, weights_only=True)
    assert found['meta']['dataset_meta'] == CLASSES
    assert found['meta']['config'] == 'a_camvid.py'
    assert found['meta']['epsnet_mm_version'] == epsnet_mm.__version__
    assert found['meta'].keys() & {'epoch', 'iter', 'cfg'} == {'epoch', 'iter'}
    assert set(found) == {'meta', 'state_dict'}
    expected = weights['weight'].half() if half else weights['weight']
    assert torch.equal(found['state_dict']['weight'], expected)
    assert found['state_dict']['num_batches_tracked'].dtype == torch.int64


def test_a_part_of_a_tensor_takes_no_more_than_itself(run_tool, checkpoint, tmp_path):
    run_tool(
        *(TOOL, checkpoint(weight=torch.zeros(1000, 1000)[:2, :2])),
        *(tmp_path / 'small.pth', '--config', 'a.py'),
    )
    assert (tmp_path / 'small.pth').stat().st_size < 10_000


def test_what_cannot_be_published(run_tool, checkpoint, tmp_path):
    out = tmp_path / 'small.pth'
    path = checkpoint(weight=torch.tensor([1e5]))
    with pytest.raises(SystemExit, match='publish_model: `weight` has values beyond'):
        run_tool(TOOL, path, out, '--config', 'a.py', '--half')
    torch.save(dict(weight=torch.zeros(2)), path)
    with pytest.raises(SystemExit, match=r'epoch_3.pth is no checkpoint of a training'):
        run_tool(TOOL, path, out, '--config', 'a.py')
    with pytest.raises(SystemExit, match=r'publish_model: .*none.pth'):
        run_tool(TOOL, tmp_path / 'none.pth', out, '--config', 'a.py')
    assert not out.exists()
