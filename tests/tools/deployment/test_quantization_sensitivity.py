"""`tools/deployment/quantization_sensitivity.py`: errors before the work begins."""

import pytest

NAME = 'deployment/quantization_sensitivity'

pytest.importorskip('onnxruntime', reason='onnxruntime is not installed')


def test_a_folder_without_images(run_tool, tmp_path):
    with pytest.raises(SystemExit, match=str(tmp_path)):
        run_tool(NAME, 'c.py', 'x.onnx', '--calibration', tmp_path)


def test_a_file_that_is_not_there(run_tool, tmp_path):
    from PIL import Image

    Image.new('RGB', (8, 8)).save(tmp_path / 'a.png')

    with pytest.raises(SystemExit, match=r'x\.onnx does not exist; give a file that'):
        run_tool(NAME, 'c.py', 'x.onnx', '--calibration', tmp_path)


@pytest.mark.parametrize(
    ('notes', 'message'),
    [
        ({}, 'has no metadata of epsnet_mm: give a file that'),
        ({'epsnet': '{"precision": "int8"}'}, r'x\.onnx is in int8: give the file in'),
    ],
)
def test_files_that_cannot_be_quantized(run_tool, repo_root, tmp_path, notes, message):
    onnx = pytest.importorskip('onnx', reason='onnx is not installed')
    from PIL import Image

    Image.new('RGB', (8, 8)).save(tmp_path / 'a.png')
    model = onnx.helper.make_model(onnx.helper.make_graph([], 'empty', [], []))
    onnx.helper.set_model_props(model, notes)
    onnx.save(model, tmp_path / 'x.onnx')
    config = repo_root / 'configs/epsnet/epsnet_r18_fpn_shapes.py'

    with pytest.raises(SystemExit, match=message):
        run_tool(NAME, config, tmp_path / 'x.onnx', '--calibration', tmp_path)
