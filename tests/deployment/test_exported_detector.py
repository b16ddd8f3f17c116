"""Exported files in a test: a file by hand, without a network."""

import json

from epsnet_mm.deployment.exported_detector import (
    EPSNetExportedDetector,
    is_exported,
    use_exported,
)
from epsnet_mm.structures.panoptic_map import thing_scores

import numpy as np
import pytest
import torch
from mmdet.structures import DetDataSample
from mmengine.config import Config

onnx = pytest.importorskip('onnx', reason='onnx is not installed')
pytest.importorskip('onnxruntime', reason='onnxruntime is not installed')

# Two things around one stuff class.
IDS = np.array([[[0, 1, 1], [2, 3, 3]]], np.int32)
TABLE = dict(
    segment_image=np.array([0, 0, 0]),
    segment_number=np.array([1, 2, 3]),
    segment_class=np.array([1, 0, 0]),
    segment_score=np.array([np.nan, 0.75, 0.5], np.float32),
    segment_area=np.array([2, 1, 2]),
    segment_box=np.zeros((3, 4), np.float32),
)
CLASSES = [dict(name='disc', isthing=1), dict(name='sand', isthing=0)]


def write_file(path, **changes):
    """A file that finds the same in each image."""
    outputs = dict(panoptic_map=IDS, **TABLE)
    nodes = [
        onnx.helper.make_node(
            'Constant', [], [name], value=onnx.numpy_helper.from_array(value)
        )
        for name, value in outputs.items()
    ]
    kinds = {
        name: onnx.helper.np_dtype_to_tensor_dtype(value.dtype)
        for name, value in outputs.items()
    }
    graph = onnx.helper.make_graph(
        nodes,
        'constant',
        [
            onnx.helper.make_tensor_value_info(
                'image', onnx.TensorProto.UINT8, ['N', 'H', 'W', 3]
            )
        ],
        [
            onnx.helper.make_tensor_value_info(name, kinds[name], value.shape)
            for name, value in outputs.items()
        ],
    )
    model = onnx.helper.make_model(
        graph, opset_imports=[onnx.helper.make_opsetid('', 20)], ir_version=9
    )
    metadata = dict(format_version=1, classes=CLASSES, channel_order='bgr')
    metadata.update(changes)
    onnx.helper.set_model_props(model, dict(epsnet=json.dumps(metadata)))
    onnx.save(model, str(path))
    return str(path)


def test_predictions_are_those_of_a_detector(tmp_path):
    detector = EPSNetExportedDetector(write_file(tmp_path / 'x.onnx'))
    image = torch.zeros(3, 2, 3, dtype=torch.uint8)

    (sample,) = detector.test_step(dict(inputs=[image], data_samples=[DetDataSample()]))

    # Void is the number of classes.
    assert sample.pred_panoptic_seg.sem_seg.tolist() == [
        [[2, 1, 1], [1000, 2000, 2000]]
    ]
    assert thing_scores(sample) == {1000: 0.75, 2000: 0.5}


def test_a_file_of_another_format(tmp_path):
    path = write_file(tmp_path / 'x.onnx', format_version=7)

    with pytest.raises(ValueError, match=r'has format version 7.*export the network'):
        EPSNetExportedDetector(path)


def test_a_file_of_another_program(tmp_path):
    path = write_file(tmp_path / 'x.onnx')
    model = onnx.load(path)
    del model.metadata_props[:]
    onnx.save(model, path)

    with pytest.raises(ValueError, match='it was not made by this project'):
        EPSNetExportedDetector(path)


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError, match='does not exist'):
        EPSNetExportedDetector(str(tmp_path / 'x.onnx'))


def test_the_pipeline_leaves_resizing_to_the_file(repo_root):
    cfg = Config.fromfile(repo_root / 'configs/epsnet/epsnet_r101_fpn_coco.py')

    use_exported(cfg, 'x.onnx')

    load, pack = cfg.test_dataloader.dataset.pipeline
    assert (load.type, load.to_float32) == ('LoadImageFromFile', False)
    assert 'scale_factor' not in pack.meta_keys
    assert cfg.model == dict(type='EPSNetExportedDetector', path='x.onnx')


def test_no_weights_are_averaged(repo_root):
    cfg = Config.fromfile(repo_root / 'configs/epsnet/epsnet_r101_fpn_ema_coco.py')
    assert [x.type for x in cfg.custom_hooks] == ['EMAHook']

    use_exported(cfg, 'x.onnx')

    assert cfg.custom_hooks == []


def test_which_files_are_exported():
    assert is_exported('a/b.onnx')
    assert is_exported('a/b.xml')
    assert not is_exported('a/b.pth')
