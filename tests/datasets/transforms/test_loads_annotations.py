from epsnet_mm.datasets import LoadPanopticSegments
from epsnet_mm.datasets.transforms.loads_annotations import loads_annotations

import pytest
from mmcv.transforms import LoadImageFromFile
from mmdet.registry import TRANSFORMS


@TRANSFORMS.register_module()
class ReadMyLabels(LoadPanopticSegments):
    """A user's transform, whose name doesn't begin with `Load`."""


@pytest.mark.parametrize(
    ('kind', 'expected'),
    [
        ('LoadPanopticSegments', True),
        ('LoadPanopticAnnotations', True),
        ('LoadAnnotations', True),
        ('mmdet.LoadAnnotations', True),
        ('ReadMyLabels', True),
        (LoadPanopticSegments, True),
        ('LoadImageFromFile', False),
        (LoadImageFromFile, False),
        ('PackDetInputs', False),
        ('LoadPanopticNothingOfThatName', False),
    ],
)
def test_the_class_decides(kind, expected):
    assert loads_annotations(dict(type=kind, backend_args=None)) is expected
