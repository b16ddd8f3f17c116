"""Test pipelines that can be exported, and those that cannot."""

from epsnet_mm.deployment.pipeline_input import PipelineInput, read_pipeline

import pytest

LOAD = dict(type='LoadImageFromFile')
RESIZE = dict(type='Resize', scale=(480, 360), keep_ratio=False)
PACK = dict(type='PackDetInputs')


def test_size_and_kind_of_numbers():
    assert read_pipeline([LOAD, RESIZE, PACK]) == PipelineInput((360, 480), False)
    floats = dict(LOAD, to_float32=True)
    assert read_pipeline([floats, RESIZE, PACK]) == PipelineInput((360, 480), True)


def test_another_size():
    assert read_pipeline([LOAD, RESIZE, PACK], (100, 200)).size == (100, 200)


@pytest.mark.parametrize(
    ('steps', 'message'),
    [
        ([LOAD, PACK], 'no Resize.*give --size HEIGHT WIDTH'),
        ([LOAD, dict(RESIZE, keep_ratio=True)], 'keeps the aspect ratio'),
        ([LOAD, RESIZE, dict(type='Pad')], 'the step Pad, which cannot be exported'),
        ([LOAD, dict(RESIZE, interpolation='area')], "interpolation='area'"),
    ],
)
def test_what_cannot_be_exported(steps, message):
    with pytest.raises(ValueError, match=message):
        read_pipeline(steps)
