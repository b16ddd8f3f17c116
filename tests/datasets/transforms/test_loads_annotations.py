from epsnet_mm.datasets import LoadPanopticSegments
from epsnet_mm.datasets.transforms.loads_annotations import loads_annotations

import pytest
from mmdet.registry import TRANSFORMS


@pytest.mark.parametrize(
    'kind',
    [
        'LoadPanopticSegments',
        'LoadPanopticAnnotations',
        'mmdet.LoadPanopticAnnotations',
        'LoadAnnotations',
        LoadPanopticSegments,
    ],
)
def test_steps_that_do(kind):
    assert loads_annotations(dict(type=kind))


@pytest.mark.parametrize(
    'kind', ['LoadImageFromFile', 'mmdet.Resize', 'PackDetInputs', 'NoSuchTransform']
)
def test_steps_that_do_not(kind):
    assert not loads_annotations(dict(type=kind))


def test_a_class_of_another_name():
    @TRANSFORMS.register_module()
    class ReadMyTruth(LoadPanopticSegments):
        pass

    try:
        assert loads_annotations(dict(type='ReadMyTruth'))
    finally:
        TRANSFORMS.module_dict.pop('ReadMyTruth')
