"""`tools/deployment/export.py`: its flags, and errors before the work begins."""

import pytest

NAME = 'deployment/export'


def test_a_suffix_of_another_format(run_tool, tmp_path):
    with pytest.raises(SystemExit, match=r'its suffix must be \.onnx'):
        run_tool(NAME, 'c.py', 'x.pth', '--out', tmp_path / 'x.pth')


def test_a_config_that_is_not_there(run_tool, tmp_path):
    pytest.importorskip('onnxscript', reason='onnxscript is not installed')

    with pytest.raises(SystemExit, match=r'Config file c\.py does not exist'):
        run_tool(NAME, 'c.py', 'x.pth', '--out', tmp_path / 'x.onnx')


def test_a_checkpoint_that_is_not_there(run_tool, tiny_config, tmp_path):
    pytest.importorskip('onnxscript', reason='onnxscript is not installed')

    with pytest.raises(SystemExit, match=r'Checkpoint x\.pth does not exist'):
        run_tool(NAME, tiny_config, 'x.pth', '--out', tmp_path / 'x.onnx')


def test_int8_without_calibration_images(run_tool, tmp_path):
    pytest.importorskip('onnxscript', reason='onnxscript is not installed')
    out = tmp_path / 'x.onnx'

    with pytest.raises(SystemExit, match='int8 needs --calibration IMAGES'):
        run_tool(NAME, 'c.py', 'x.pth', '--out', out, '--precision', 'int8')


def test_a_folder_without_calibration_images(run_tool, tmp_path):
    pytest.importorskip('onnxscript', reason='onnxscript is not installed')
    pytest.importorskip('onnxruntime', reason='onnxruntime is not installed')
    flags = ['--precision', 'int8', '--calibration', tmp_path]

    with pytest.raises(SystemExit, match=str(tmp_path)):
        run_tool(NAME, 'c.py', 'x.pth', '--out', tmp_path / 'x.onnx', *flags)
