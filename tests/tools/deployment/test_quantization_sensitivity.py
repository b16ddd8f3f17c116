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
