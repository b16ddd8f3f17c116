from epsnet_mm.structures.instances_schema import INSTANCE, INSTANCES_IMAGE
from epsnet_runtime.coco.value_rules import faults, fits

import pytest

IMAGE = dict(id=1, file_name='a/b.jpg', height=4, width=6)


def test_sound_entries():
    assert fits(IMAGE, INSTANCES_IMAGE)
    assert fits(dict(category_id=3, segmentation=[]), INSTANCE)


@pytest.mark.parametrize('name', ['../a.jpg', '/a.jpg', 'a/../b.jpg', 7, '', 'a\0'])
def test_names_that_leave_the_folder(name):
    (fault,) = faults(dict(IMAGE, file_name=name), 'images[0]', INSTANCES_IMAGE)
    assert 'must be a path below the folder' in fault


@pytest.mark.parametrize(
    'entry', [dict(), dict(category_id='3'), dict(category_id=3, iscrowd='0'), 3]
)
def test_faulty_objects(entry):
    assert not fits(entry, INSTANCE)
